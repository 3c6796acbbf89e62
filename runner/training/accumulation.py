"""Gradients of a large batch from micro-batches, one after another."""

from collections.abc import Callable
from typing import Any, TypeVar

import jax
import jax.numpy as jnp

Carry = TypeVar("Carry")
Means = TypeVar("Means")


def accumulate(
    function: Callable[[Carry, Any], tuple[Carry, Means]], count: int, carry: Carry, batch: Any
) -> tuple[Carry, Means]:
    """`function` of a batch whose arrays are [b, ...], in `count` micro-batches of b / count examples.

    `function` takes what the micro-batch before it left and returns means over its examples; returned are
    what the last one left and the means over the batch.
    """
    if count == 1:
        return function(carry, batch)
    parts = jax.tree.map(lambda array: array.reshape(count, -1, *array.shape[1:]), batch)
    shapes = jax.eval_shape(function, carry, jax.tree.map(lambda array: array[0], parts))[1]

    def body(state: tuple[Carry, Means], part: Any) -> tuple[tuple[Carry, Means], None]:
        carry, found = function(state[0], part)
        return (carry, jax.tree.map(jnp.add, state[1], found)), None

    zeros = jax.tree.map(lambda leaf: jnp.zeros(leaf.shape, leaf.dtype), shapes)
    (carry, total), _ = jax.lax.scan(body, (carry, zeros), parts)
    return carry, jax.tree.map(lambda leaf: leaf / count, total)
