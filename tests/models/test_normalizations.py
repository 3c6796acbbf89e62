"""The options of normalization, against NumPy."""

from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from flax import nnx
from hydra.utils import instantiate
from omegaconf import OmegaConf

import configs
from models.layers.normalization import make_normalization, removes_bias
from models.mlp import MLP
from tests.models.training import drawn, train

FOLDER = Path(configs.__path__[0]) / "normalization"
EPSILON = 1e-5


def make(name, features=6, dtype=jnp.float32, **keys):
    node = {**OmegaConf.to_container(OmegaConf.load(FOLDER / f"{name}.yaml")), **keys}
    return make_normalization(instantiate(node), features, dtype=dtype, param_dtype=jnp.float32)


def normalized(x, axes):
    mean, variance = x.mean(axes, keepdims=True), x.var(axes, keepdims=True)
    return (x - mean) / np.sqrt(variance + EPSILON)


def scaled(layer, y):
    """With a scale and a shift that differ between features."""
    layer.scale[...], layer.bias[...] = jnp.arange(1.0, 7.0), jnp.arange(6.0)
    return y * np.arange(1, 7) + np.arange(6)


@pytest.mark.parametrize("shape", [(5, 6), (5, 4, 6), (5, 4, 3, 6)])
@pytest.mark.parametrize("mean", [0, 1000])
def test_layer(shape, mean):
    x = np.random.default_rng(0).normal(size=shape) * 3 + mean
    layer = make("layer")
    expected = scaled(layer, normalized(x, -1))
    np.testing.assert_allclose(layer(jnp.asarray(x, jnp.float32)), expected, atol=1e-5 if mean == 0 else 5e-3)


@pytest.mark.parametrize("shape", [(5, 6), (5, 4, 6), (5, 4, 3, 6)])
@pytest.mark.parametrize("groups", [1, 2, 3])
def test_group(shape, groups):
    x = np.random.default_rng(0).normal(size=shape) * 3 + 1
    grouped = x.reshape(*shape[:-1], groups, 6 // groups)
    axes = (*range(1, len(shape) - 1), len(shape))
    layer = make("group", num_groups=groups)
    expected = scaled(layer, normalized(grouped, axes).reshape(shape))
    np.testing.assert_allclose(layer(jnp.asarray(x, jnp.float32)), expected, atol=2e-5)


def test_groups_that_do_not_divide_the_features():
    with pytest.raises(ValueError, match=r"groups \(8\) does not divide the number of channels \(12\)"):
        make("group", 12)


@pytest.mark.parametrize("name", ["layer", "group"])
def test_examples_do_not_touch_each_other_and_training_is_evaluation(name):
    layer = make(name, num_groups=2) if name == "group" else make(name)
    x = jax.random.normal(jax.random.key(0), (4, 6))
    together = layer(x)
    layer.eval()
    alone = jnp.concatenate([layer(x[i : i + 1]) for i in range(4)])
    np.testing.assert_allclose(alone, together, atol=1e-6)


@pytest.mark.parametrize("name", ["layer", "group", "batch"])
def test_bfloat16(name):
    layer = make(name, 8, jnp.bfloat16, epsilon=jnp.float32(EPSILON))
    assert layer(jnp.ones((2, 8), jnp.bfloat16)).dtype == jnp.bfloat16
    assert {leaf.dtype.name for leaf in jax.tree.leaves(nnx.state(layer, nnx.Param))} == {"float32"}


@pytest.mark.parametrize(
    ("name", "biased"), [("none", True), ("layer", True), ("group", True), ("batch", False)]
)
def test_only_batch_normalization_takes_the_bias_before_it_away(name, biased):
    assert removes_bias(make(name, 8)) is not biased
    model = MLP(
        (8,),
        3,
        hidden=[8],
        activation=jax.nn.relu,
        kernel_init=jax.nn.initializers.he_normal(),
        normalization=instantiate(OmegaConf.load(FOLDER / f"{name}.yaml")),
        dropout=0.0,
        rngs=nnx.Rngs(0),
    )
    assert (model.dense.hidden[0].linear.bias is not None) is biased


@pytest.mark.parametrize("name", ["layer", "group"])
def test_trains_with_epsilon_as_an_input(name):
    overrides = ["model.hidden=[24]", f"normalization={name}"]
    assert "normalization.epsilon" in drawn(overrides)[1]
    losses = train(overrides)
    assert losses[-3:].mean() < losses[0]
