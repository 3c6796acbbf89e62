"""Penalties: functions of the weights to one number, added to the loss."""

from collections.abc import Sequence

import jax
import jax.numpy as jnp

from runner.objectives.singular_values import nuclear_norm

Number = jax.Array | float


def weights(parameters) -> list[jax.Array]:
    """The arrays a penalty acts on: those of two or more axes, so no biases and no normalization."""
    return [leaf for leaf in jax.tree.leaves(parameters) if leaf.ndim >= 2]


def matrix(weight: jax.Array) -> jax.Array:
    """A weight [..., out] as a matrix with a column a unit: of a convolution [h * w * in, out]."""
    return weight.reshape(-1, weight.shape[-1])


def l1(weights: Sequence[jax.Array], *, strength: Number) -> jax.Array:
    """strength * sum(|w|) over all weights (Tibshirani 1996)."""
    return strength * sum((jnp.sum(jnp.abs(w)) for w in weights), start=jnp.zeros(()))


def l2(weights: Sequence[jax.Array], *, strength: Number) -> jax.Array:
    """strength * sum(w^2) over all weights (Hoerl and Kennard 1970)."""
    return strength * sum((jnp.sum(jnp.square(w)) for w in weights), start=jnp.zeros(()))


def nuclear(weights: Sequence[jax.Array], *, strength: Number) -> jax.Array:
    """strength * the sum of all singular values of the weights as matrices (Fazel 2002)."""
    return strength * sum((nuclear_norm(matrix(w)) for w in weights), start=jnp.zeros(()))
