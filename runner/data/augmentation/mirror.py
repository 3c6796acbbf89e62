"""Mirror images."""

import dm_pix
import jax
import jax.numpy as jnp

from runner.data.augmentation.images import Batch, refuse_features


def flip(key: jax.Array, inputs: jax.Array, targets: jax.Array, *, probability: jax.Array | float) -> Batch:
    """Mirrors an image left to right with a probability.

    Raises:
        DataError: the inputs are not images.
    """
    refuse_features("flip", inputs)
    mirror = jax.random.bernoulli(key, probability, (len(inputs), 1, 1, 1))
    return jnp.where(mirror, dm_pix.flip_left_right(inputs), inputs), targets
