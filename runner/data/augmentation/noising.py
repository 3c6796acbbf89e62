"""Gaussian noise."""

import jax
import jax.numpy as jnp

from runner.data.augmentation.images import Batch, refuse_features, within


def noise(key: jax.Array, inputs: jax.Array, targets: jax.Array, *, deviation: jax.Array | float) -> Batch:
    """Adds N(0, deviation^2) to each value of an image, and clips to [0, 1].

    Raises:
        DataError: the inputs are not images.
    """
    refuse_features("noise", inputs)
    dtype = jnp.promote_types(inputs.dtype, jnp.float32)
    return within(inputs + deviation * jax.random.normal(key, inputs.shape, dtype), inputs), targets
