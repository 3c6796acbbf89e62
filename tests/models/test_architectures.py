"""The deeper architectures, against NumPy."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from flax import nnx

from models.layers.attention import Attention
from models.layers.maxout import Maxout
from models.layers.normalization import none
from models.layers.options import LayerOptions
from models.recurrent import Recurrent, by_gate
from models.resnet import ResNet
from models.vit import cut_into_patches, encode_places
from models.wide_resnet import WideResNet

OPTIONS = {
    "activation": jnp.tanh,
    "kernel_init": jax.nn.initializers.normal(0.3),
    "normalization": none,
    "dropout": 0.0,
}


def array(parameter):
    return np.asarray(parameter[...], np.float64)


def convolve(x, layer, stride=1):
    """A convolution with SAME padding, pixel by pixel."""
    kernel = array(layer.kernel)
    size, out = kernel.shape[0], [-(-side // stride) for side in x.shape[1:3]]
    totals = [max(0, (o - 1) * stride + size - side) for o, side in zip(out, x.shape[1:3], strict=True)]
    x = np.pad(x, ((0, 0), *((t // 2, t - t // 2) for t in totals), (0, 0)))
    found = np.zeros((len(x), *out, kernel.shape[-1]))
    for i in range(out[0]):
        for j in range(out[1]):
            window = x[:, i * stride : i * stride + size, j * stride : j * stride + size]
            found[:, i, j] = np.tensordot(window, kernel, 3)
    return found + array(layer.bias)


def logits(model, x):
    return x.mean((1, 2)) @ array(model.logits.logits.kernel) + array(model.logits.logits.bias)


def images(shape):
    return np.random.default_rng(0).normal(size=shape)


@pytest.mark.parametrize("count", [1, 2])
def test_resnet(count):
    maximum = lambda x: x.reshape(*x.shape[:-1], -1, count).max(-1)  # noqa: E731
    model = ResNet(
        (6, 5, 2), 3, width=2, depth=14, **{**OPTIONS, "activation": Maxout(count)}, rngs=nnx.Rngs(0)
    )
    x = images((3, 6, 5, 2))
    y = maximum(convolve(x, model.stem.convolution))
    for number, block in enumerate(model.blocks):
        stride = 2 if number in (2, 4) else 1
        z = maximum(convolve(y, block.first.convolution, stride))
        z = convolve(z, block.second.convolution)
        y = y[:, ::stride, ::stride]
        y = np.concatenate([y, np.zeros((*y.shape[:3], z.shape[3] // count - y.shape[3]))], -1)
        y = maximum(z + np.repeat(y, count, -1))
    np.testing.assert_allclose(jax.jit(lambda x: model(x))(x), logits(model, y), rtol=1e-4, atol=1e-4)


def test_wide_resnet():
    model = WideResNet((6, 5, 2), 3, width=2, widening=2, depth=16, **OPTIONS, rngs=nnx.Rngs(0))
    x = images((3, 6, 5, 2))
    y = convolve(x, model.stem)
    for number, block in enumerate(model.blocks):
        stride = 2 if number in (2, 4) else 1
        z = np.tanh(y)
        shortcut = convolve(z, block.projection, stride) if number in (0, 2, 4) else y
        z = np.tanh(convolve(z, block.first, stride))
        y = convolve(z, block.second) + shortcut
    assert [block.projection is None for block in model.blocks] == [False, True] * 3
    np.testing.assert_allclose(jax.jit(lambda x: model(x))(x), logits(model, np.tanh(y)), atol=1e-4)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def simple(cell, x, state):
    (h,) = state
    return (
        np.tanh(x @ array(cell.dense_i.kernel) + array(cell.dense_i.bias) + h @ array(cell.dense_h.kernel)),
    )


def lstm(cell, x, state):
    h, c = state
    y = x @ array(cell.dense_i.kernel) + h @ array(cell.dense_h.kernel) + array(cell.dense_h.bias)
    i, f, g, o = np.split(y, 4, -1)
    c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    return sigmoid(o) * np.tanh(c), c


def gru(cell, x, state):
    (h,) = state
    r, z, n = np.split(x @ array(cell.dense_i.kernel) + array(cell.dense_i.bias), 3, -1)
    hr, hz, hn = np.split(h @ array(cell.dense_h.kernel), 3, -1)
    n, z = np.tanh(n + sigmoid(r + hr) * hn), sigmoid(z + hz)
    return ((1 - z) * n + z * h,)


@pytest.mark.parametrize(
    ("cell", "step", "states"),
    [(nnx.SimpleCell, simple, 1), (nnx.OptimizedLSTMCell, lstm, 2), (nnx.GRUCell, gru, 1)],
    ids=["rnn", "lstm", "gru"],
)
def test_recurrent(cell, step, states):
    model = Recurrent((6, 5, 2), 3, cell=cell, hidden=[4, 3], **OPTIONS, rngs=nnx.Rngs(0))
    x = images((3, 6, 5, 2))
    series = x.reshape(3, 6, 10)
    for layer in model.layers:
        bias = layer.cell.dense_h.bias if cell is nnx.OptimizedLSTMCell else layer.cell.dense_i.bias
        assert not bias[...].any()
        bias[...] = jnp.linspace(-1, 1, bias[...].size)
        state, outputs = (np.zeros((3, layer.cell.hidden_features)),) * states, []
        for row in range(6):
            state = step(layer.cell, series[:, row], state)
            outputs.append(state[0])
        series = np.stack(outputs, 1)
    dense = model.logits.logits
    expected = series[:, -1] @ array(dense.kernel) + array(dense.bias)
    np.testing.assert_allclose(jax.jit(lambda x: model(x))(x), expected, atol=1e-5)


def test_each_gate_is_drawn_by_itself():
    orthogonal = by_gate(jax.nn.initializers.orthogonal(), 5)(jax.random.key(0), (5, 20), jnp.float32)
    for gate in np.split(np.asarray(orthogonal), 4, -1):
        np.testing.assert_allclose(gate.T @ gate, np.eye(5), atol=1e-5)
    xavier = by_gate(jax.nn.initializers.xavier_uniform(), 100)(jax.random.key(0), (60, 300), jnp.float32)
    np.testing.assert_allclose(xavier.std(), np.sqrt(2 / 160), rtol=0.02)


def test_attention_is_that_of_flax():
    rngs = nnx.Rngs(0)
    steep = {"kernel_init": jax.nn.initializers.normal(0.5), "dtype": jnp.float32}
    ours = Attention(8, LayerOptions(**OPTIONS | steep), heads=2, rngs=rngs)
    theirs = nnx.MultiHeadAttention(2, 8, decode=False, rngs=rngs)
    for name, other in (("query", theirs.query), ("key", theirs.key), ("value", theirs.value)):
        other.kernel[...] = getattr(ours, name).kernel[...].reshape(8, 2, 4)
    theirs.out.kernel[...] = ours.result.kernel[...].reshape(2, 4, 8)
    ours.query.bias[...] = jnp.arange(8.0)
    theirs.query.bias[...] = jnp.arange(8.0).reshape(2, 4)
    # Which ours has not: it changes nothing.
    theirs.key.bias[...] = jnp.ones((2, 4))
    x = jax.random.normal(jax.random.key(1), (3, 6, 8))
    np.testing.assert_allclose(ours(x), theirs(x), atol=1e-5)


def test_patches():
    x = np.arange(2 * 4 * 6 * 2).reshape(2, 4, 6, 2)
    found = cut_into_patches(jnp.asarray(x), 2)
    assert found.shape == (2, 2, 3, 8)
    for i in range(2):
        for j in range(3):
            patch = x[:, 2 * i : 2 * i + 2, 2 * j : 2 * j + 2]
            np.testing.assert_array_equal(found[:, i, j], patch.reshape(2, 8))


def test_places():
    found = np.asarray(encode_places(3, 4, 8))
    assert found.shape == (3, 4, 8)
    for row in range(3):
        for column in range(4):
            parts = [
                f(n * 10_000 ** (-k / 2)) for n in (row, column) for f in (np.sin, np.cos) for k in (0, 1)
            ]
            np.testing.assert_allclose(found[row, column], parts, atol=1e-6)
