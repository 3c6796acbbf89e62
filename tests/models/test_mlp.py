"""The multilayer perceptron, against NumPy."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from flax import nnx

from models.layers.normalization import none
from models.mlp import MLP

OPTIONS = {
    "activation": jnp.tanh,
    "kernel_init": jax.nn.initializers.normal(0.3),
    "normalization": none,
    "dropout": 0.0,
}


def make(hidden, outputs=3, **options):
    return MLP(
        (4, 2), outputs, hidden=hidden, **{"rngs": nnx.Rngs(params=0, dropout=1), **OPTIONS, **options}
    )


@pytest.mark.parametrize("hidden", [[], [5], [6, 5]])
def test_formula(hidden):
    model = make(hidden)
    x = np.random.default_rng(0).normal(size=(7, 4, 2)).astype(np.float32)
    y = x.reshape(7, 8)
    for layer in model.dense.hidden:
        y = np.tanh(y @ np.asarray(layer.linear.kernel) + np.asarray(layer.linear.bias))
    y = y @ np.asarray(model.dense.logits.kernel) + np.asarray(model.dense.logits.bias)
    np.testing.assert_allclose(model(x), y, atol=1e-5)


def test_shapes_and_initial_values():
    params = nnx.state(make([6, 5]), nnx.Param)
    shapes = sorted(leaf.shape for leaf in jax.tree.leaves(params))
    assert shapes == [(3,), (5,), (5, 3), (6,), (6, 5), (8, 6)]
    assert all(not leaf.any() for leaf in jax.tree.leaves(params) if leaf.ndim == 1)


def test_bfloat16_activations_and_float32_parameters():
    slope = jnp.float32(0.1)
    seen = []

    def activation(x):
        seen.append(x.dtype)
        return jax.nn.leaky_relu(x, slope)

    model = make([6, 5], dtype="bfloat16", activation=activation, dropout=jnp.float32(0.1))
    assert model(jnp.ones((2, 4, 2))).dtype == jnp.float32
    assert seen == [jnp.bfloat16, jnp.bfloat16]
    assert {leaf.dtype.name for leaf in jax.tree.leaves(nnx.state(model, nnx.Param))} == {"float32"}


def test_float64():
    with jax.enable_x64(True):
        model = make([6], dtype="float64", dropout=0.5)
        assert model(jnp.ones((2, 4, 2))).dtype == jnp.float64
        assert {leaf.dtype.name for leaf in jax.tree.leaves(nnx.state(model, nnx.Param))} == {"float64"}


@pytest.mark.parametrize("options", [{"hidden": [0]}, {"hidden": [4, -1]}, {"hidden": [], "outputs": 0}])
def test_widths_below_one(options):
    with pytest.raises(ValueError, match="widths must be at least 1, got 8 inputs"):
        make(**options)
