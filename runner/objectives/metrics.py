"""Metrics: functions of outputs, targets (both [n, k]) and example weights ([n]) to one number."""

import jax
import jax.numpy as jnp


def accuracy(outputs: jax.Array, targets: jax.Array, weights: jax.Array) -> jax.Array:
    """Share of examples whose largest output is at the largest target."""
    hits = jnp.argmax(outputs, axis=-1) == jnp.argmax(targets, axis=-1)
    return weighted_mean(hits.astype(weights.dtype), weights)


def mse(outputs: jax.Array, targets: jax.Array, weights: jax.Array) -> jax.Array:
    """Mean squared error over examples and outputs."""
    return weighted_mean(jnp.mean(jnp.square(outputs - targets), axis=-1), weights)


def r2(outputs: jax.Array, targets: jax.Array, weights: jax.Array) -> jax.Array:
    """Coefficient of determination, 1 - residual / total sum of squares, averaged over outputs.

    An output whose targets are all alike counts 1 if it is met and 0 if not, as in scikit-learn.
    """
    column = weights[:, None]
    mean = jnp.sum(targets * column, axis=0) / jnp.sum(weights)
    residual = jnp.sum(column * jnp.square(outputs - targets), axis=0)
    total = jnp.sum(column * jnp.square(targets - mean), axis=0)
    share = residual / jnp.where(total > 0, total, 1)
    return jnp.mean(jnp.where(total > 0, 1 - share, residual == 0))


def weighted_mean(values: jax.Array, weights: jax.Array) -> jax.Array:
    """sum(w v) / sum(w), so that padded examples of weight 0 do not count."""
    return jnp.sum(values * weights) / jnp.sum(weights)
