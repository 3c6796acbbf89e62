"""Pooling of images."""

from functools import partial, reduce

import jax
import jax.numpy as jnp
from jax import lax

from models.layers._types import Pair


def max_pool(x: jax.Array, window: Pair = (2, 2)) -> jax.Array:
    """Largest value of each non-overlapping window: [n, h, w, c] to [n, h // window[0], w // window[1], c].

    What does not fill a window is cropped, as by VALID padding. Values that tie share the gradient, so that
    a window always passes on all of it; the many tied zeros of a rectified image get none in the end,
    since `jax.nn.relu` has gradient 0 there. Differentiable in reverse mode and forward over reverse.
    """
    return jnp.asarray(_pooled(x, window))


@partial(jax.custom_vjp, nondiff_argnums=(1,))
def _pooled(x: jax.Array, window: Pair) -> jax.Array:
    return _largest(_largest(x, 1, window[0]), 2, window[1])


def _largest(x: jax.Array, axis: int, size: int) -> jax.Array:
    # Comparisons, which XLA fuses with what is around them.
    count = x.shape[axis] // size
    cropped = lax.slice_in_dim(x, 0, count * size, axis=axis)
    groups = cropped.reshape(*x.shape[:axis], count, size, *x.shape[axis + 1 :])
    return reduce(jnp.maximum, [lax.index_in_dim(groups, i, axis + 1, keepdims=False) for i in range(size)])


def _forward(x: jax.Array, window: Pair) -> tuple[jax.Array, tuple[jax.Array, jax.Array]]:
    largest = max_pool(x, window)
    return largest, (x, largest)


def _backward(window: Pair, saved: tuple[jax.Array, jax.Array], gradient: jax.Array) -> tuple[jax.Array]:
    # Two passes over the image, where the gradients of the comparisons make more; on a CPU that of
    # reduce_window is slow.
    x, largest = saved
    n, h, w, c = largest.shape
    cropped = x[:, : h * window[0], : w * window[1]]
    chosen = cropped.reshape(n, h, window[0], w, window[1], c) == largest[:, :, None, :, None]
    share = gradient / chosen.sum((2, 4), dtype=gradient.dtype)
    passed = jnp.where(chosen, share[:, :, None, :, None], 0).reshape(cropped.shape)
    left = [(0, whole - kept) for whole, kept in zip(x.shape, cropped.shape, strict=True)]
    return (jnp.pad(passed, left),)


_pooled.defvjp(_forward, _backward)
