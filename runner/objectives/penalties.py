"""Penalties: functions of the weights to one number, added to the loss."""

from collections.abc import Sequence

import jax
import jax.numpy as jnp


def weights(parameters) -> list[jax.Array]:
    """The arrays a penalty acts on: those of two or more axes, so no biases and no normalization."""
    return [leaf for leaf in jax.tree.leaves(parameters) if leaf.ndim >= 2]


def l2(weights: Sequence[jax.Array], *, strength: jax.Array | float) -> jax.Array:
    """strength * sum(w^2) over all weights (Hoerl and Kennard 1970)."""
    return strength * sum((jnp.sum(jnp.square(w)) for w in weights), start=jnp.zeros(()))
