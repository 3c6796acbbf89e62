"""A random permutation, as JAX draws it, without sorting pairs."""

import math

import jax
import jax.numpy as jnp
from jax import lax


def permutation(key: jax.Array, count: int) -> jax.Array:
    """`jax.random.permutation(key, count)`, to the bit: int32 [count].

    XLA's CPU backend sorts pairs by a function that it calls for each comparison, and single numbers five
    times as fast. So the random bits of an example and its place become one number of 64 bits.
    """
    order = jnp.arange(count, dtype=jnp.int32)
    for _ in range(_rounds(count)):
        key, drawing = jax.random.split(key)
        order = order[_places(jax.random.bits(drawing, (count,), jnp.uint32))]
    return order


def _rounds(count: int) -> int:
    # So many that two examples hardly ever have the same bits in all of them: n^3 is less than all bits say.
    return math.ceil(3 * math.log(max(1, count)) / math.log(2**32 - 1))


def _places(bits: jax.Array) -> jax.Array:
    """int32 [n]: where the least of the bits uint32 [n] stand, then the next; of equals the first before."""
    places, half = jnp.arange(len(bits), dtype=jnp.uint32), jnp.full(len(bits), 32, jnp.uint32)
    with jax.enable_x64(True):
        high, low, half = (lax.convert_element_type(each, jnp.uint64) for each in (bits, places, half))
        ordered = lax.sort(lax.shift_left(high, half) | low, is_stable=False)
        return lax.convert_element_type(ordered, jnp.int32)
