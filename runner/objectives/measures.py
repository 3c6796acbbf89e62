"""Measures: functions of the weights to one number, which shows what a regularizer has done to them."""

from collections.abc import Sequence

import jax
import jax.numpy as jnp
from jax.scipy.special import entr

from runner.objectives.penalties import matrix
from runner.objectives.singular_values import decompose


def zeros(weights: Sequence[jax.Array]) -> jax.Array:
    """The share of all weights that are exactly 0."""
    return jnp.mean(jnp.concatenate([jnp.ravel(w == 0) for w in weights]), dtype=weights[0].dtype)


def weight_norm(weights: Sequence[jax.Array]) -> jax.Array:
    """The Euclidean norm of all weights together."""
    return jnp.sqrt(sum((jnp.sum(jnp.square(w)) for w in weights), start=jnp.zeros(())))


def largest_norm(weights: Sequence[jax.Array]) -> jax.Array:
    """The largest norm of the weights into one unit."""
    return jnp.max(jnp.concatenate([jnp.linalg.norm(matrix(w), axis=0) for w in weights]))


def effective_rank(weights: Sequence[jax.Array]) -> jax.Array:
    """Mean over the weights, as matrices, of exp(entropy of s / sum(s)) for the singular values s.

    Roy and Vetterli 2007: r for r singular values alike, and little moved by those that are almost 0. 0 for a
    matrix of zeros.
    """
    return jnp.mean(jnp.stack([_effective_rank(matrix(w)) for w in weights]))


def _effective_rank(matrix: jax.Array) -> jax.Array:
    _, values, _ = decompose(matrix)
    total = jnp.sum(values)
    entropy = jnp.sum(entr(values / jnp.where(total > 0, total, 1)))
    return jnp.where(total > 0, jnp.exp(entropy), 0)
