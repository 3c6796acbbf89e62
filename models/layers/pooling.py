"""Pooling of images."""

from functools import reduce

import jax
import jax.numpy as jnp
from jax import lax


def max_pool(x: jax.Array, window: tuple[int, int] = (2, 2)) -> jax.Array:
    """Largest value of each non-overlapping window: [n, h, w, c] to [n, h // window[0], w // window[1], c].

    What does not fill a window is cropped, as by VALID padding. Values that tie share the gradient, so that
    a window always passes on all of it; the many tied zeros of a rectified image get none in the end,
    since `jax.nn.relu` has gradient 0 there.
    """
    return _largest(_largest(x, 1, window[0]), 2, window[1])


def _largest(x: jax.Array, axis: int, size: int) -> jax.Array:
    # Comparisons, which XLA fuses with what is around them; on a CPU the gradient of reduce_window is slow.
    count = x.shape[axis] // size
    cropped = lax.slice_in_dim(x, 0, count * size, axis=axis)
    groups = cropped.reshape(*x.shape[:axis], count, size, *x.shape[axis + 1 :])
    return reduce(jnp.maximum, [lax.index_in_dim(groups, i, axis + 1, keepdims=False) for i in range(size)])
