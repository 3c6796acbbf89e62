"""Histograms, counted where the arrays are."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import jax
import jax.numpy as jnp

BINS = 30
MOST = 16_384
"""Numbers that are counted: more are thinned out evenly."""


class Histogram(NamedTuple):
    """Of finite numbers."""

    low: jax.Array
    """The least of them."""
    high: jax.Array
    sum: jax.Array
    squares: jax.Array
    """The sum of the squares."""
    counts: jax.Array
    """[BINS]: how many lie in each of as many equal parts from `low` to `high`."""


def histogram(arrays: Sequence[jax.Array]) -> Histogram:
    """Of all numbers of the arrays; of at most `MOST` of each."""
    values = jnp.concatenate([_thinned(array) for array in arrays])
    finite = jnp.isfinite(values)
    low = jnp.min(values, initial=jnp.inf, where=finite)
    high = jnp.max(values, initial=-jnp.inf, where=finite)
    kept = jnp.where(finite, values, low)
    share = (kept - low) / jnp.where(high > low, high - low, 1)
    part = jnp.minimum((share * BINS).astype(jnp.int32), BINS - 1)  # the highest lies in the last
    counts = jnp.zeros(BINS, jnp.int32).at[part].add(finite)
    summed = jnp.where(finite, values, 0)
    return Histogram(low, high, jnp.sum(summed), jnp.sum(jnp.square(summed)), counts)


def _thinned(array: jax.Array) -> jax.Array:
    every = -(-array.size // MOST)
    # A step that shares no factor with the last axis visits every unit.
    while array.ndim and math.gcd(every, array.shape[-1]) > 1:
        every += 1
    return jnp.ravel(array)[::every].astype(jnp.promote_types(array.dtype, jnp.float32))
