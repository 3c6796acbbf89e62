"""The convolution and its gradients, against XLA's own."""

import itertools
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from flax import nnx
from jax import lax

from models.layers.convolution import Convolution, convolve

CASES = [
    (size, strides, padding)
    for size, strides, padding in itertools.product((1, 3, 5), ((1, 1), (2, 2)), ("SAME", "VALID"))
] + [((2, 3), (2, 1), "SAME"), ((3, 2), (3, 2), "VALID")]


def native(x: jax.Array, kernel: jax.Array, strides: tuple[int, int], padding: str) -> jax.Array:
    return lax.conv_general_dilated(x, kernel, strides, padding, dimension_numbers=("NHWC", "HWIO", "NHWC"))


def value_and_gradients(convolution, x, kernel):
    """The result, and both gradients of a function that is not linear in it."""

    def loss(x, kernel):
        y = convolution(x, kernel)
        return jnp.sin(y).sum(), y

    (_, y), gradients = jax.value_and_grad(loss, (0, 1), has_aux=True)(x, kernel)
    return y, *gradients


def arrays(size, channels, lanes=()):
    rows, columns = size if isinstance(size, tuple) else (size, size)
    kernel = jax.random.normal(jax.random.key(1), (*lanes, rows, columns, channels, 4))
    return jax.random.normal(jax.random.key(0), (3, 8, 7, channels)), kernel / (
        rows * columns * channels
    ) ** 0.5


def assert_all_close(actual, expected):
    for a, b in zip(actual, expected, strict=True):
        np.testing.assert_allclose(a, b, atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize(("size", "strides", "padding"), CASES)
def test_agrees_with_native(size, strides, padding):
    @jax.jit  # all at once: compiling is what takes long
    def run(inputs):
        return [
            value_and_gradients(lambda x, k, f=f: f(x, k, strides, padding), *each)
            for f in (convolve, native)
            for each in inputs
        ]

    ours_one, ours_three, native_one, native_three = run([arrays(size, channels) for channels in (1, 3)])
    assert_all_close(ours_one, native_one)
    assert_all_close(ours_three, native_three)


def test_agrees_with_native_for_lanes_in_a_scan():
    x, kernels = arrays(3, 2, lanes=(4,))

    def run(f, kernel):
        def body(kernel, x):
            y, _, gradient = value_and_gradients(lambda x, k: f(x, k, (1, 1), "SAME"), x, kernel)
            return kernel - 0.01 * gradient, y

        return lax.scan(body, kernel, jnp.stack([x, -x, 2 * x]))

    ours, theirs = (jax.jit(jax.vmap(partial(run, f)))(kernels) for f in (convolve, native))
    assert_all_close(ours, theirs)


def test_forward_over_reverse():
    x, kernel = arrays(3, 2)

    def curvature(f):
        gradient = jax.grad(lambda k: jnp.sin(f(x, k, (2, 2), "SAME")).sum())
        return jax.jvp(gradient, (kernel,), (jnp.ones_like(kernel),))[1]

    ours, theirs = jax.jit(lambda: (curvature(convolve), curvature(native)))()
    np.testing.assert_allclose(ours, theirs, atol=1e-4)


@pytest.mark.parametrize(
    ("platform", "convolutions", "products"), [("cpu", 2, 1), ("cuda", 3, 0), ("tpu", 3, 0)]
)
def test_on_the_cpu_the_gradient_of_the_kernel_is_a_product(platform, convolutions, products):
    gradient = jax.jit(jax.grad(lambda x, k: jnp.sin(convolve(x, k)).sum(), (0, 1)))
    program = gradient.trace(*arrays(3, 2)).lower(lowering_platforms=(platform,)).as_text()
    assert program.count("stablehlo.convolution") == convolutions
    assert program.count("stablehlo.dot_general") == products


def test_lanes_on_the_cpu_are_products():
    x, kernels = arrays(3, 2, lanes=(4,))
    gradient = jax.jit(jax.vmap(jax.grad(lambda k: jnp.sin(convolve(x, k)).sum())))
    program = gradient.trace(kernels).lower(lowering_platforms=("cpu",)).as_text()
    assert "stablehlo.convolution" not in program


def test_bias_and_dtype():
    layer = Convolution(2, 4, bias_init=nnx.initializers.ones, dtype=jnp.bfloat16, rngs=nnx.Rngs(0))
    x, _ = arrays(3, 2)
    y = layer(x)
    expected = native(x, layer.kernel[...], (1, 1), "SAME") + 1
    assert y.dtype == jnp.bfloat16 and layer.kernel.dtype == jnp.float32
    np.testing.assert_allclose(y.astype(jnp.float32), expected, atol=0.1)


def test_without_bias():
    assert Convolution(2, 4, use_bias=False, rngs=nnx.Rngs(0)).bias is None


def test_unknown_padding():
    with pytest.raises(ValueError, match="padding must be SAME or VALID, got CIRCULAR"):
        Convolution(1, 1, padding="CIRCULAR", rngs=nnx.Rngs(0))
