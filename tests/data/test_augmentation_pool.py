"""Examples of a pool in the place of others."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from runner.composition import compose
from runner.data.augmentation import generated
from runner.data.pool import Pool
from runner.experiment import blueprint, numbers_of
from runner.preparation import gather
from runner.training.batches import examples, training_batch

KEY = jax.random.key(0)
POOL = Pool(jnp.full((7, 2, 2, 1), 8, jnp.uint8), jnp.full(7, 2, jnp.int32), jnp.asarray(16.0))
INPUTS = jnp.zeros((20, 2, 2, 1))
TARGETS = jax.nn.one_hot(jnp.zeros(20, int), 3)


@pytest.mark.parametrize("share", [0.1, 0.5, 1.0])
def test_a_share_of_the_batch_is_replaced_targets_and_all(share):
    inputs, targets = jax.jit(generated)(KEY, INPUTS, TARGETS, POOL, share=share)
    inputs, targets = np.asarray(inputs), np.asarray(targets)
    replaced = np.all(inputs == 0.5, axis=(1, 2, 3))
    assert replaced.sum() == round(20 * share)
    np.testing.assert_array_equal(targets[replaced], np.eye(3)[np.full(replaced.sum(), 2)])
    np.testing.assert_array_equal(inputs[~replaced], 0)
    np.testing.assert_array_equal(targets[~replaced], np.asarray(TARGETS)[~replaced])


def test_which_are_replaced_is_drawn_anew():
    first, second = (generated(jax.random.key(seed), INPUTS, TARGETS, POOL, share=0.5)[0] for seed in (0, 1))
    assert not np.array_equal(first, second)


@pytest.fixture(scope="module")
def pool(tmp_path_factory):
    """A file of white digits, all of class 3."""
    path = tmp_path_factory.mktemp("pool") / "generated.npz"
    inputs = np.full((30, 8, 8, 1), 16, np.uint8)
    np.savez(path, inputs=inputs, targets=np.full(30, 3), classes=list("0123456789"), maximum=16.0)
    return path


def test_it_is_an_input_of_the_program_and_touches_no_other_split(pool):
    config = compose(
        ["augmentation=[generated,flip]", f"augmentation.generated.path={pool}", "preprocessing=none"]
    )
    material = gather(config)
    assert material.data.pools["generated"].inputs.shape == (30, 8, 8, 1)
    numbers = numbers_of(config, 10)
    assert "augmentation.generated.share" in numbers
    parts = blueprint(config, material.spec, numbers).build(numbers)
    inputs, targets, _ = training_batch(parts, material.data, material.data.train[:64], jnp.int32(0))
    white = np.all(inputs == 1, axis=(1, 2, 3))
    assert white.sum() == 32
    assert (np.argmax(targets[white], axis=-1) == 3).all()
    held_out, _ = examples(material.data, jnp.asarray(material.dataset.val), parts)
    assert not np.all(held_out == 1, axis=(1, 2, 3)).any()
