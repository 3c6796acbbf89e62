"""Losses: functions of outputs and targets, both [batch, k], to one value an example, [batch]."""

import jax
import jax.numpy as jnp


def mse(outputs: jax.Array, targets: jax.Array) -> jax.Array:
    """Mean over the k outputs of (output - target)^2: [batch, k], [batch, k] -> [batch].

    Classes are one-hot targets (the Brier score, where outputs are probabilities).
    """
    return jnp.mean(jnp.square(outputs - targets), axis=-1)
