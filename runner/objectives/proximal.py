"""Proximal steps: functions of a weight v [...], as the optimizer has moved it, and of the optimizer's step.

Each returns the w that minimises strength * term(w) + sum((w - v)^2 / (2 step)); `step` is a number or of the
weight's shape. Parikh and Boyd 2014, "Proximal algorithms".
"""

import jax
import jax.numpy as jnp

from runner.objectives.penalties import matrix
from runner.objectives.singular_values import decompose

Number = jax.Array | float


def soft_threshold(weight: jax.Array, step: Number, *, strength: Number) -> jax.Array:
    """Of strength * sum(|w|): sign(v) max(|v| - step strength, 0) (Daubechies, Defrise and De Mol 2004)."""
    return jnp.sign(weight) * jnp.maximum(jnp.abs(weight) - step * strength, 0)


def hard_threshold(weight: jax.Array, step: Number, *, strength: Number) -> jax.Array:
    """Of strength * (how many w are not 0): v where |v| > sqrt(2 step strength), else 0.

    Blumensath and Davies 2008. A proximal step rather than hard-concrete gates (Louizos et al. 2018, arXiv
    1712.01312): it takes any model as it is, whereas gates give each weight a parameter and a random stream
    of its own and change what every layer computes; and its zeros are there while it trains.
    """
    return jnp.where(jnp.abs(weight) > jnp.sqrt(2 * step * strength), weight, 0)


def singular_value_threshold(weight: jax.Array, step: Number, *, strength: Number) -> jax.Array:
    """Of strength * sum of singular values: U max(S - step strength, 0) V^T of the weight as a matrix.

    Cai, Candes and Shen 2010, arXiv 0810.3286. Steps that differ by element have no such closed form: their
    harmonic mean stands for them, which is to take the mean of 1 / step in what is minimised. Their plain
    mean is that of the elements without a gradient, whose steps are a million times the others'.
    """
    left, values, right = decompose(matrix(weight))
    kept = jnp.maximum(values - strength / jnp.mean(1 / jnp.asarray(step)), 0)
    return ((left * kept) @ right).reshape(weight.shape)
