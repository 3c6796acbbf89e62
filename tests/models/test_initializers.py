"""Initializers: their deviations, and what becomes of a signal in a deep network that starts from them."""

from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hydra.utils import instantiate
from omegaconf import OmegaConf

import configs
from tests.models.training import train

FOLDER = Path(configs.__path__[0]) / "initializer"
OPTIONS = sorted(file.stem for file in FOLDER.glob("*.yaml"))
DENSE, CONVOLUTION = (300, 500), (3, 3, 40, 500)
CUT = 0.8796256610342398
"""The deviation of N(0, 1) cut off at +-2, sqrt(1 - 4 phi(2) / (Phi(2) - Phi(-2)))."""


def deviation(name, n, m):
    """The formula, for fan-in n and fan-out m."""
    return {
        "he_normal": np.sqrt(2 / n),
        "he_uniform": np.sqrt(6 / n) / np.sqrt(3),
        "lecun_normal": np.sqrt(1 / n),
        "normal": 1.0,
        "orthogonal": np.sqrt(1 / max(n, m)),
        "truncated_normal": CUT,
        "uniform": 0.05 / np.sqrt(3),
        "xavier_normal": np.sqrt(2 / (n + m)),
        "xavier_uniform": np.sqrt(6 / (n + m)) / np.sqrt(3),
        "zeros": 0.0,
    }[name]


def option(name, **keys):
    return instantiate({**OmegaConf.to_container(OmegaConf.load(FOLDER / f"{name}.yaml")), **keys})


@pytest.mark.parametrize("shape", [DENSE, CONVOLUTION], ids=["dense", "convolution"])
@pytest.mark.parametrize("name", OPTIONS)
def test_deviation(name, shape):
    drawn = option(name)(jax.random.key(0), shape, jnp.float32)
    rows = np.prod(shape[:-1])
    window = rows // shape[-2]
    # Each entry of an orthogonal kernel sees all rows; fan-out counts the window as fan-in does.
    outputs = shape[-1] if name == "orthogonal" else shape[-1] * window
    expected = deviation(name, rows, outputs)
    assert drawn.shape == shape and drawn.dtype == jnp.float32
    # 150,000 draws and more: half a per cent is over two standard errors of their deviation.
    np.testing.assert_allclose(drawn.std(), expected, rtol=0.01)
    assert abs(drawn.mean()) <= 5 * expected / np.sqrt(drawn.size)


@pytest.mark.parametrize(
    ("name", "bound"),
    [
        ("truncated_normal", 2.0),
        ("uniform", 0.05),
        ("xavier_uniform", np.sqrt(6 / 800)),
        ("he_uniform", np.sqrt(6 / 300)),
        ("he_normal", 2 / CUT * np.sqrt(2 / 300)),
        ("xavier_normal", 2 / CUT * np.sqrt(2 / 800)),
        ("lecun_normal", 2 / CUT * np.sqrt(1 / 300)),
    ],
)
def test_bounds(name, bound):
    drawn = np.asarray(option(name)(jax.random.key(0), DENSE, jnp.float32))
    assert 0.99 * bound < drawn.max() <= bound * 1.00001 and -bound * 1.00001 <= drawn.min() < -0.99 * bound


@pytest.mark.parametrize("shape", [(30, 20), (20, 30), (3, 3, 4, 50)])
def test_orthogonal(shape):
    kernel = np.asarray(option("orthogonal", scale=2.0)(jax.random.key(0), shape)).reshape(-1, shape[-1])
    if kernel.shape[0] < kernel.shape[1]:
        kernel = kernel.T
    np.testing.assert_allclose(kernel.T @ kernel, 4 * np.eye(kernel.shape[1]), atol=1e-5)


@pytest.mark.parametrize(
    ("name", "key"), [("normal", "stddev"), ("truncated_normal", "stddev"), ("uniform", "scale")]
)
def test_a_deviation_may_be_traced(name, key):
    def draw(value):
        return option(name, **{key: value})(jax.random.key(0), (4, 3), jnp.float32)

    make = instantiate({"_target_": OmegaConf.load(FOLDER / f"{name}.yaml")["_target_"], "_partial_": True})
    lanes = jax.jit(jax.vmap(lambda value: make(value)(jax.random.key(0), (4, 3), jnp.float32)))(
        jnp.array([0.5, 2.0])
    )
    np.testing.assert_allclose(lanes, [draw(0.5), draw(2.0)], rtol=1e-6)
    assert lanes.dtype == jnp.float32


def test_zeros_learn_only_how_frequent_the_classes_are():
    losses = train(["model.hidden=[24]", "initializer=zeros"])
    np.testing.assert_allclose(losses, np.log(10), atol=0.1)


WIDTH, LAYERS, SEEDS = 1024, 30, 10


def propagate(activation, initializer):
    """Mean squares and saturated shares a layer, means over seeds.

    The units after each activation [layers], the gradients of what goes into each layer [layers], from a
    signal and a gradient that are N(0, 1), and the share of units beyond +-0.99 [layers].
    """

    @jax.jit
    def run(seed):
        keys = jax.random.split(jax.random.key(seed), LAYERS + 2)
        kernels = jax.lax.map(lambda key: initializer(key, (WIDTH, WIDTH), jnp.float32), keys[2:])

        def forward(x, kernel):
            y, back = jax.vjp(lambda x: activation(x @ kernel), x)
            return y, (y, back)

        x = jax.random.normal(keys[0], (32, WIDTH))
        _, (units, pulls) = jax.lax.scan(forward, x, kernels)

        def backward(gradient, back):
            (gradient,) = back(gradient)
            return gradient, jnp.mean(gradient**2)

        _, gradients = jax.lax.scan(backward, jax.random.normal(keys[1], x.shape), pulls, reverse=True)
        return jnp.mean(units**2, (1, 2)), gradients, jnp.mean(jnp.abs(units) > 0.99, (1, 2))

    return np.mean([run(seed) for seed in range(SEEDS)], axis=0)


def mean_field(steps):
    """Mean squares of tanh units after each layer, and of gradients before it, for infinite width.

    q_l = E tanh(sqrt(q_(l-1)) z)^2 from q_0 = 1, and a gradient's mean square changes by
    E (1 - tanh(sqrt(q_(l-1)) z)^2)^2 a layer (Poole et al. 2016, arXiv 1606.05340; Schoenholz et al. 2017,
    arXiv 1611.01232); the weights have variance 1 / width. The means by Gauss-Hermite quadrature.
    """
    z, weight = np.polynomial.hermite_e.hermegauss(101)
    weight = weight / weight.sum()
    before, squares, factors = 1.0, [], []
    for _ in range(steps):
        units = np.tanh(np.sqrt(before) * z)
        factors.append(weight @ (1 - units**2) ** 2)
        before = weight @ units**2
        squares.append(before)
    return np.array(squares), np.cumprod(factors[::-1])[::-1]


@pytest.mark.exhaustive
@pytest.mark.parametrize("name", ["he_normal", "he_uniform"])
def test_he_keeps_the_mean_square_of_relu(name):
    units, gradients, _ = propagate(jax.nn.relu, option(name))
    assert 0.5 < units[-1] / units[0] < 2
    assert 0.5 < gradients[0] / gradients[-1] < 2


@pytest.mark.exhaustive
@pytest.mark.parametrize("name", ["xavier_uniform", "xavier_normal"])
def test_xavier_follows_the_mean_field_of_tanh(name):
    units, gradients, _ = propagate(jnp.tanh, option(name))
    squares, factors = mean_field(LAYERS)
    np.testing.assert_allclose(units, squares, rtol=0.2)
    np.testing.assert_allclose(gradients, factors, rtol=0.2)


@pytest.mark.exhaustive
def test_a_deviation_of_one_saturates_tanh():
    _, _, saturated = propagate(jnp.tanh, option("normal"))
    assert saturated.min() > 0.9


@pytest.mark.exhaustive
def test_a_deviation_of_a_hundredth_vanishes():
    units, gradients, _ = propagate(jnp.tanh, option("normal", stddev=0.01))
    assert units[-1] < 1e-20 * units[0] and gradients[0] < 1e-20 * gradients[-1]
