"""2-D convolution that is fast on every backend."""

from collections.abc import Sequence
from functools import partial
from typing import TypeAlias

import jax
import jax.numpy as jnp
from flax import nnx
from jax import lax
from jax.typing import DTypeLike

from models.layers._types import Initializer, Pair

Pads: TypeAlias = tuple[Pair, Pair]

FEW = 28
"""Images of fewer columns lie side by side, as one wide image, where a CPU convolves them."""


def convolve(x: jax.Array, kernel: jax.Array, strides: Pair = (1, 1), padding: str = "SAME") -> jax.Array:
    """Cross-correlates images [n, h, w, c] with a kernel [rows, columns, c, features].

    Returns [n, h', w', features]. `padding` is SAME or VALID. On the CPU its gradients are not those that XLA
    would take (see `convolve_on_cpu`). Differentiable in reverse mode and forward over reverse, but not by
    `jax.jvp` alone.
    """
    window = (kernel.shape[0], kernel.shape[1])
    rows, columns = lax.padtype_to_pads(x.shape[1:3], window, strides, padding)
    pads = ((int(rows[0]), int(rows[1])), (int(columns[0]), int(columns[1])))
    # Decided where the program is lowered, which knows its device; the other branch is not compiled.
    return lax.platform_dependent(
        x,
        kernel,
        cpu=lambda x, kernel: convolve_on_cpu(x, kernel, strides, pads),
        default=lambda x, kernel: convolve_natively(x, kernel, strides, pads),
    )


def convolve_natively(x: jax.Array, kernel: jax.Array, strides: Pair, pads: Pads) -> jax.Array:
    """`convolve` as XLA's own convolution."""
    return lax.conv_general_dilated(x, kernel, strides, pads, dimension_numbers=("NHWC", "HWIO", "NHWC"))


@partial(jax.custom_vjp, nondiff_argnums=(2, 3))
def convolve_on_cpu(x: jax.Array, kernel: jax.Array, strides: Pair, pads: Pads) -> jax.Array:
    """`convolve` with gradients that XLA's CPU backend has fast code for.

    The gradient of the kernel, which autodiff makes a convolution with the images for its kernel, is a matrix
    product here: inside a loop XLA takes 40 times as long for its own (jax issue 12868).
    """
    return _correlate(x, kernel, strides, pads)


def _forward(
    x: jax.Array, kernel: jax.Array, strides: Pair, pads: Pads
) -> tuple[jax.Array, tuple[jax.Array, jax.Array]]:
    return _correlate(x, kernel, strides, pads), (x, kernel)


def _backward(
    strides: Pair, pads: Pads, saved: tuple[jax.Array, jax.Array], gradient: jax.Array
) -> tuple[jax.Array, jax.Array]:
    x, kernel = saved
    rows, columns, channels, features = kernel.shape
    # Of what is written out before the product, the less: both ways take as many multiplications. Where it
    # is as much, rows and columns are twice as fast.
    less = columns * channels + rows * features <= rows * columns * channels
    kernel_gradient = _by_rows_and_columns if strides == (1, 1) and less else _by_patches
    return (
        _input_gradient(x, kernel, strides, pads, gradient),
        kernel_gradient(x, (rows, columns), strides, pads, gradient).reshape(kernel.shape),
    )


convolve_on_cpu.defvjp(_forward, _backward)


def _correlate(x: jax.Array, kernel: jax.Array, strides: Pair, pads: Pads) -> jax.Array:
    @jax.custom_batching.custom_vmap
    def correlate(x: jax.Array, kernel: jax.Array) -> jax.Array:
        few = strides == (1, 1) and x.shape[2] < FEW and kernel.shape[1] > 1
        return _side_by_side(x, kernel, pads) if few else convolve_natively(x, kernel, strides, pads)

    @correlate.def_vmap
    def _(_: int, batched: Sequence[bool], x: jax.Array, kernel: jax.Array) -> tuple[jax.Array, bool]:
        # One matrix product a lane (im2col: Chellapilla et al. 2006); XLA would convolve in groups, slowly.
        multiply = partial(_multiply, strides=strides, pads=pads)
        return jax.vmap(multiply, in_axes=[0 if own else None for own in batched])(x, kernel), True

    return correlate(x, kernel)


def _side_by_side(x: jax.Array, kernel: jax.Array, pads: Pads) -> jax.Array:
    """`convolve_natively` with strides of 1, of one image that holds all of them with zeros in between.

    XLA's CPU backend divides the columns of an image among the cores, so that few columns get one core.
    """
    (n, h, w, c), (left, right), columns = x.shape, pads[1], kernel.shape[1]
    gap = max(left, right)
    wide = jnp.pad(x, ((0, 0), (0, 0), (0, gap), (0, 0))).swapaxes(0, 1).reshape(1, h, n * (w + gap), c)
    y = convolve_natively(wide, kernel, (1, 1), (pads[0], (left, columns - 1 - left)))
    # What was seen of two images at once is left out.
    return y.reshape(-1, n, w + gap, y.shape[-1])[:, :, : w + left + right - columns + 1].swapaxes(0, 1)


def _multiply(x: jax.Array, kernel: jax.Array, *, strides: Pair, pads: Pads) -> jax.Array:
    patches = extract_patches(x, (kernel.shape[0], kernel.shape[1]), strides, pads)
    return patches @ kernel.reshape(-1, kernel.shape[-1])


def _input_gradient(
    x: jax.Array, kernel: jax.Array, strides: Pair, pads: Pads, gradient: jax.Array
) -> jax.Array:
    # A convolution of the gradient, spread by the strides, with the kernel turned around.
    spread = ((0, 0, 0), (0, 0, strides[0] - 1), (0, 0, strides[1] - 1), (0, 0, 0))
    gradient = lax.pad(gradient, jnp.zeros((), gradient.dtype), spread)
    edges = []
    for axis in (0, 1):
        reach = kernel.shape[axis] - 1
        before = reach - pads[axis][0]
        edges.append((before, x.shape[axis + 1] + reach - before - gradient.shape[axis + 1]))
    turned = kernel[::-1, ::-1].swapaxes(2, 3)
    return _correlate(gradient, turned, (1, 1), (edges[0], edges[1]))


def _by_patches(x: jax.Array, window: Pair, strides: Pair, pads: Pads, gradient: jax.Array) -> jax.Array:
    """The gradient of the kernel [rows * columns * c, features], from all that each output saw."""
    patches = extract_patches(x, window, strides, pads)
    return _sum_of_products(patches, gradient)


def _by_rows_and_columns(
    x: jax.Array, window: Pair, strides: Pair, pads: Pads, gradient: jax.Array
) -> jax.Array:
    """The same for strides of 1, the images shifted by columns alone and their outputs' gradient by rows.

    An output at row r met row i of the kernel at row r + i of the padded images: each row of these meets the
    gradients at the rows r - i, one beside the other.
    """
    (rows, columns), (top, bottom) = window, pads[0]
    shifted = extract_patches(x, (1, columns), (1, 1), ((0, 0), pads[1]))
    turned = extract_patches(gradient, (rows, 1), (1, 1), ((rows - 1 - top, rows - 1 - bottom), (0, 0)))
    products = _sum_of_products(shifted, turned).reshape(columns, x.shape[-1], rows, gradient.shape[-1])
    return products[:, :, ::-1].transpose(2, 0, 1, 3)


def _sum_of_products(left: jax.Array, right: jax.Array) -> jax.Array:
    """[k, m] of [..., k] and [..., m]: their outer products, added up."""
    return left.reshape(-1, left.shape[-1]).T @ right.reshape(-1, right.shape[-1])


def extract_patches(x: jax.Array, window: Pair, strides: Pair, pads: Pads) -> jax.Array:
    """The patches [n, h', w', rows * columns * c] that a kernel of size `window` sees, in HWI order."""
    x = lax.pad(x, jnp.zeros((), x.dtype), ((0, 0, 0), (*pads[0], 0), (*pads[1], 0), (0, 0, 0)))
    (n, h, w, c), (rows, columns) = x.shape, window
    slices = [
        lax.slice(x, (0, i, j, 0), (n, i + h - rows + 1, j + w - columns + 1, c), (1, *strides, 1))
        for i in range(rows)
        for j in range(columns)
    ]
    return jnp.concatenate(slices, axis=-1)


class Convolution(nnx.Module):
    """2-D convolution from [n, h, w, in_features] to [n, h', w', out_features]; the kernel is HWIO.

    Raises:
        ValueError: `padding` is neither SAME nor VALID.
    """

    def __init__(
        self,
        in_features: int,
        out_features: int,
        kernel_size: Pair = (3, 3),
        *,
        strides: Pair = (1, 1),
        padding: str = "SAME",
        use_bias: bool = True,
        kernel_init: Initializer = nnx.initializers.lecun_normal(),  # noqa: B008
        bias_init: Initializer = nnx.initializers.zeros,
        dtype: DTypeLike = jnp.float32,
        param_dtype: DTypeLike = jnp.float32,
        rngs: nnx.Rngs,
    ) -> None:
        if padding not in ("SAME", "VALID"):
            raise ValueError(f"padding must be SAME or VALID, got {padding}")
        shape = (*kernel_size, in_features, out_features)
        self.kernel = nnx.Param(kernel_init(rngs.params(), shape, param_dtype))
        self.bias = nnx.Param(bias_init(rngs.params(), (out_features,), param_dtype)) if use_bias else None
        self.strides = strides
        self.padding = padding
        self.dtype = dtype

    def __call__(self, x: jax.Array) -> jax.Array:
        kernel = self.kernel[...].astype(self.dtype)
        y = convolve(x.astype(self.dtype), kernel, self.strides, self.padding)
        return y if self.bias is None else y + self.bias[...].astype(self.dtype)
