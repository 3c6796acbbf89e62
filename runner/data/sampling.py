"""The order in which an epoch visits the training examples: functions of a key and the targets [n, ...]."""

import jax
import jax.numpy as jnp


def shuffle(key: jax.Array, targets: jax.Array) -> jax.Array:
    """A uniform random permutation, int32 [n]."""
    return jax.random.permutation(key, jnp.arange(len(targets), dtype=jnp.int32))


def sequential(key: jax.Array, targets: jax.Array) -> jax.Array:
    """The stored order, int32 [n]: shows what not shuffling does."""
    return jnp.arange(len(targets), dtype=jnp.int32)
