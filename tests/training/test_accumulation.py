"""A batch in micro-batches is the batch."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from runner.backend import configure
from runner.composition import compose
from runner.errors import ConfigError
from runner.experiment import blueprint, build_dataset, numbers_of
from runner.preparation import place_dataset
from runner.specs import specify
from runner.training import program
from runner.training.accumulation import accumulate
from runner.validation import validate

OPTIONS = ["model.hidden=[8]", "dataset.subset=128", "batch_size=32", "optimizer=sgd", "regularizer=l2"]


def after(steps: int, *overrides: str):
    """The state and the record after some steps."""
    config = compose([*OPTIONS, *overrides])
    configure(config)
    dataset = build_dataset(config)
    data, numbers = place_dataset(config, dataset), numbers_of(config, 40)
    build = blueprint(config, specify(dataset), numbers).build
    state = jax.jit(program.start(build))(numbers, data)
    counts = (np.int32(0), np.int32(steps), np.bool_(True))
    return jax.jit(program.advance(build))(numbers, state, *counts, data)


def test_the_parts_come_one_after_another_and_their_means_are_that_of_the_whole():
    def function(carry, batch):
        return carry + batch[0], {"mean": jnp.mean(batch)}

    carry, found = accumulate(function, 4, jnp.float32(0), jnp.arange(8.0))
    assert carry == 0 + 2 + 4 + 6
    assert found["mean"] == np.mean(np.arange(8.0))


@pytest.mark.parametrize("weights", ["null", "[1,2,3,4,5,1,2,3,4,5]"])
def test_the_steps_are_those_of_the_large_batch(weights):
    whole, record = after(4, f"class_weights={weights}")
    parts, accumulated = after(4, f"class_weights={weights}", "accumulate=8")
    for ours, theirs in zip(jax.tree.leaves(parts.model), jax.tree.leaves(whole.model), strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-6)
    for tag, value in record.scalars.items():
        np.testing.assert_allclose(accumulated.scalars[tag], value, rtol=1e-5, err_msg=tag)


def test_running_statistics_and_dropout_go_from_part_to_part():
    options = ["normalization=batch", "regularizer.dropout=0.3"]
    whole, _ = after(1, *options)
    parts, record = after(1, *options, "accumulate=4")
    assert jax.tree.structure(whole) == jax.tree.structure(parts)
    assert np.isfinite(record.scalars["train/loss"])
    counts = [
        [int(np.max(leaf)) for leaf in jax.tree.leaves(state.model) if leaf.dtype == jnp.uint32]
        for state in (whole, parts)
    ]
    assert sum(counts[1]) - sum(counts[0]) == 3 * len(counts[0]) > 0


def test_what_does_not_divide_a_batch_is_refused():
    with pytest.raises(ConfigError, match="accumulate=3: expected a divisor of batch_size=32"):
        validate(compose([*OPTIONS, "accumulate=3"]))
    with pytest.raises(ConfigError, match="accumulate=3: expected a divisor of the batch size, 128"):
        after(1, "batch_size=full", "accumulate=3")
