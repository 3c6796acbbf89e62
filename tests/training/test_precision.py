"""bfloat16 is the dtype of activations only."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from flax import nnx

from runner.composition import compose
from runner.experiment import as_arrays, blueprint, build_dataset, numbers_of
from runner.preparation import place_dataset
from runner.specs import specify
from runner.training import program
from runner.training.state import create_model

OVERRIDES = ["precision=bfloat16", "regularizer=[l2,dropout]", "loss.label_smoothing=0.1", "schedule=cosine"]


@pytest.mark.parametrize("model", [["model=mlp"], ["model=cnn", "model.width=4", "normalization=batch"]])
def test_parameters_state_and_losses_stay_float32(model):
    config = compose([*OVERRIDES, *model])
    dataset = build_dataset(config)
    numbers = as_arrays([numbers_of(config, 44)], "float32")
    lane = {key: value[0] for key, value in numbers.items()}
    build = blueprint(config, specify(dataset), numbers).build
    data = place_dataset(config, dataset)
    state = jax.eval_shape(program.start(build), lane, data)
    scalar = np.int32(0)
    after, record = jax.eval_shape(program.advance(build), lane, state, scalar, scalar, np.bool_(True), data)
    for leaf in jax.tree.leaves((after, record)):
        assert not jnp.issubdtype(leaf.dtype, jnp.floating) or leaf.dtype == jnp.float32
    assert jax.tree.map(lambda leaf: leaf.dtype, after) == jax.tree.map(lambda leaf: leaf.dtype, state)


def test_activations_are_bfloat16():
    config = compose([*OVERRIDES])
    spec, numbers = specify(build_dataset(config)), numbers_of(config, 44)
    model = create_model(blueprint(config, spec, numbers).build(numbers))
    model.train()
    seen = []

    def watched(activation):
        def apply(x):
            seen.append(activation(x).dtype)
            return activation(x)

        return apply

    for layer in model.dense.hidden:
        layer.activation = watched(layer.activation)
    outputs = model(jnp.ones((4, 8, 8, 1), jnp.float32))
    assert seen == [jnp.bfloat16, jnp.bfloat16]
    assert outputs.dtype == jnp.float32
    assert {leaf.dtype for leaf in jax.tree.leaves(nnx.state(model, nnx.Param))} == {jnp.dtype("float32")}
