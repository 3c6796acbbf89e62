"""The convolutional network, against NumPy."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from flax import nnx

from models.cnn import CNN
from models.layers.normalization import none

OPTIONS = {
    "width": 4,
    "depth": 2,
    "hidden": [6],
    "activation": jax.nn.relu,
    "kernel_init": jax.nn.initializers.normal(0.3),
    "normalization": none,
    "dropout": 0.0,
}


def make(shape=(9, 7, 2), outputs=3, **options):
    return CNN(shape, outputs, **{"rngs": nnx.Rngs(params=0, dropout=1), **OPTIONS, **options})


def convolve(x, kernel):
    _, h, w, _ = x.shape
    x = np.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)))
    return sum(x[:, i : i + h, j : j + w] @ kernel[i, j] for i in range(3) for j in range(3))


def pool(x):
    n, h, w, c = x.shape
    return x[:, : h // 2 * 2, : w // 2 * 2].reshape(n, h // 2, 2, w // 2, 2, c).max((2, 4))


def test_formula():
    model = make()
    x = y = np.random.default_rng(0).normal(size=(5, 9, 7, 2)).astype(np.float32)
    for block in model.blocks:
        y = pool(np.maximum(convolve(y, np.asarray(block.convolution.kernel)), 0))
    y = y.reshape(5, -1) @ np.asarray(model.dense.hidden[0].linear.kernel)
    y = np.maximum(y, 0) @ np.asarray(model.dense.logits.kernel)
    np.testing.assert_allclose(model(x), y, atol=1e-5)


def test_width_doubles():
    assert [block.convolution.kernel.shape for block in make().blocks] == [(3, 3, 2, 4), (3, 3, 4, 8)]


@pytest.mark.parametrize(("depth", "hidden"), [(0, []), (1, []), (2, [8, 8])])
def test_depths(depth, hidden):
    result = jax.eval_shape(lambda x: make(depth=depth, hidden=hidden)(x), jnp.ones((2, 9, 7, 2)))
    assert result.shape == (2, 3)


def test_bfloat16():
    model = make(dtype="bfloat16", activation=lambda x: jax.nn.leaky_relu(x, jnp.float32(0.1)))
    x = jnp.ones((2, 9, 7, 2))
    assert jax.eval_shape(lambda x: model.blocks[0](x), x).dtype == jnp.bfloat16
    assert jax.eval_shape(lambda x: model(x), x).dtype == jnp.float32


@pytest.mark.parametrize("shape", [(8, 8), (64,), (0, 8, 1)])
def test_input_that_is_not_an_image(shape):
    with pytest.raises(ValueError, match=r"a CNN needs images \[h, w, c\], got an input of shape \["):
        make(shape)


@pytest.mark.parametrize(("shape", "largest"), [((8, 8, 1), 3), ((28, 7, 1), 2), ((1, 5, 3), 0)])
def test_depth_is_limited_by_the_image(shape, largest):
    jax.eval_shape(lambda: nnx.state(make(shape, depth=largest)))
    with pytest.raises(ValueError, match=f"depth {largest + 1} is too deep for .* images: at most {largest}"):
        make(shape, depth=largest + 1)


@pytest.mark.parametrize("options", [{"width": 0}, {"depth": -1}])
def test_sizes_below_the_least(options):
    with pytest.raises(ValueError, match="width must be at least 1 and depth at least 0"):
        make(**options)
