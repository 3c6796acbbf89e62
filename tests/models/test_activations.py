"""Activations, against their formulas in NumPy."""

from functools import partial
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from flax import nnx
from hydra.utils import instantiate
from omegaconf import OmegaConf
from scipy.special import erf

import configs
from models.cnn import CNN
from models.layers.activation import make_activation, pieces
from models.layers.maxout import Maxout
from models.layers.normalization import none
from models.layers.prelu import PReLU
from models.mlp import MLP
from runner.objectives.penalties import weights
from runner.training.decay import decoupled_weight_decay
from tests.models.training import train

FOLDER = Path(configs.__path__[0]) / "activation"
OPTIONS = sorted(file.stem for file in FOLDER.glob("*.yaml"))
FORMULAS = {
    "elu": lambda x: np.where(x > 0, x, np.expm1(x)),
    "gelu": lambda x: x * (1 + erf(x / np.sqrt(2))) / 2,
    "identity": lambda x: x,
    "leaky_relu": lambda x: np.maximum(x, 0) + 0.01 * np.minimum(x, 0),
    "maxout": lambda x: np.maximum(x[..., 0::2], x[..., 1::2]),
    "prelu": lambda x: np.maximum(x, 0) + 0.25 * np.minimum(x, 0),
    "relu": lambda x: np.maximum(x, 0),
    "selu": lambda x: 1.0507009873554805 * np.where(x > 0, x, 1.6732632423543772 * np.expm1(x)),
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "silu": lambda x: x / (1 + np.exp(-x)),
    "softmax": lambda x: np.exp(x) / np.exp(x).sum(-1, keepdims=True),
    "softplus": lambda x: np.log1p(np.exp(x)),
    "tanh": lambda x: (np.exp(x) - np.exp(-x)) / (np.exp(x) + np.exp(-x)),
}
NETWORK = {
    "kernel_init": jax.nn.initializers.normal(0.3),
    "normalization": none,
    "dropout": 0.0,
    "rngs": nnx.Rngs(0),
}


def option(name, **keys):
    return instantiate({**OmegaConf.to_container(OmegaConf.load(FOLDER / f"{name}.yaml")), **keys})


def test_every_option_has_a_formula():
    assert set(OPTIONS) == FORMULAS.keys()


@pytest.mark.parametrize("name", OPTIONS)
def test_formula(name):
    x = np.random.default_rng(0).normal(size=(5, 3, 6)) * 3
    with jax.enable_x64(True):
        function = make_activation(option(name), 6, param_dtype=jnp.float64)
        found = function(jnp.asarray(x))
        assert found.dtype == jnp.float64
    np.testing.assert_allclose(found, FORMULAS[name](x), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("name", OPTIONS)
def test_bfloat16_stays_bfloat16(name):
    activation = option(name)
    x = jnp.linspace(-3, 3, 12).reshape(2, 6)
    function = make_activation(activation, 6, param_dtype=jnp.float32)
    found = function(x.astype(jnp.bfloat16))
    assert found.dtype == jnp.bfloat16
    np.testing.assert_allclose(found.astype(jnp.float32), function(x), atol=0.05)


@pytest.mark.parametrize("name", ["prelu", "maxout"])
def test_weights_of_its_own_train(name):
    losses = train(["model.hidden=[24]", f"activation={name}", "precision=bfloat16"])
    assert losses[-3:].mean() < losses[0]


@pytest.mark.parametrize(("name", "key"), [("leaky_relu", "negative_slope"), ("elu", "alpha")])
def test_a_slope_may_be_traced(name, key):
    x = jnp.linspace(-2, 2, 9)
    slopes = jnp.array([0.1, 0.7])
    function = option(name).func
    lanes = jax.jit(jax.vmap(lambda slope: partial(function, **{key: slope})(x)))(slopes)
    for lane, slope in zip(lanes, slopes, strict=True):
        np.testing.assert_allclose(lane, option(name, **{key: float(slope)})(x), rtol=1e-6)


@pytest.mark.parametrize("count", [1, 2, 3])
def test_maxout_is_the_maximum_of_affine_maps(count):
    model = MLP((7,), 3, hidden=[4], activation=Maxout(count), **NETWORK)
    (layer,) = model.dense.hidden
    assert pieces(Maxout(count)) == count and layer.linear.kernel.shape == (7, 4 * count)
    layer.linear.bias[...] = jnp.arange(4.0 * count)
    x = np.random.default_rng(0).normal(size=(5, 7)).astype(np.float32)
    kernel, bias = np.asarray(layer.linear.kernel), np.asarray(layer.linear.bias)
    maps = [x @ kernel[:, k::count] + bias[k::count] for k in range(count)]
    np.testing.assert_allclose(layer(jnp.asarray(x)), np.max(maps, axis=0), atol=1e-5)


def test_maxout_passes_the_gradient_on_to_one_piece():
    tied = jnp.array([[2.0, 2.0, 2.0], [1.0, 3.0, 2.0], [0.0, jnp.nan, 1.0]])
    assert np.isnan(Maxout(3)(tied)[2, 0]) and np.isnan(Maxout(3)(tied[:, ::-1])[2, 0])
    gradient = jax.grad(lambda x: Maxout(3)(x).sum())(tied[:2])
    np.testing.assert_array_equal(gradient, [[1, 0, 0], [0, 1, 0]])


def test_maxout_in_a_cnn():
    model = CNN((8, 8, 1), 3, width=2, depth=1, hidden=[5], activation=Maxout(2), **NETWORK)
    assert model.blocks[0].convolution.kernel.shape == (3, 3, 1, 4)
    assert model.dense.hidden[0].linear.kernel.shape == (4 * 4 * 2, 10)
    assert model(jnp.ones((2, 8, 8, 1))).shape == (2, 3)


def test_maxout_without_pieces():
    with pytest.raises(ValueError, match="pieces must be at least 1, got 0"):
        Maxout(0)


def test_each_layer_learns_slopes_of_its_own():
    model = MLP((7,), 3, hidden=[4, 5], activation=PReLU, **NETWORK)
    first, second = (layer.activation.function.slope for layer in model.dense.hidden)
    assert first.shape == (4,) and second.shape == (5,)
    x = jax.random.normal(jax.random.key(0), (6, 7))
    gradients = nnx.grad(lambda model: (model(x) ** 2).sum())(model)
    assert all(layer.activation.function.slope[...].all() for layer in gradients["dense"]["hidden"].values())


def test_gradient_of_a_slope():
    layer = PReLU(2, param_dtype=jnp.float32)
    x = jnp.array([[-1.0, 3.0], [-2.0, -4.0]])
    gradient = nnx.grad(lambda layer: layer(x).sum())(layer)
    np.testing.assert_array_equal(gradient.slope[...], [-3, -4])


def test_a_shared_slope():
    model = MLP((7,), 3, hidden=[4, 5], activation=option("prelu", shared=True, slope=0.1), **NETWORK)
    assert [layer.activation.function.slope[...].tolist() for layer in model.dense.hidden] == [
        [pytest.approx(0.1)]
    ] * 2


def test_no_penalty_and_no_decay_moves_a_slope():

    parameters = nnx.state(PReLU(3, param_dtype=jnp.float32), nnx.Param)
    decay = decoupled_weight_decay(lambda step: 0.1, 0.5)
    zeros = jax.tree.map(jnp.zeros_like, parameters)
    updates, _ = decay.update(zeros, decay.init(parameters), parameters)
    assert weights(parameters) == [] and not jax.tree.leaves(updates)[0].any()


def test_the_logits_have_no_activation():
    model = MLP((7,), 3, hidden=[4], activation=lambda x: x * 0, **NETWORK)
    model.dense.logits.bias[...] = jnp.array([-1.0, 0.0, 1.0])
    np.testing.assert_array_equal(model(jnp.ones((2, 7))), [[-1, 0, 1]] * 2)
