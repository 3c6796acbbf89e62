"""What augmentations of images share."""

from typing import TypeAlias

import jax
import jax.numpy as jnp
from jax.typing import ArrayLike

from runner.data.dataset import DataError

Batch: TypeAlias = tuple[jax.Array, jax.Array]
"""Inputs and targets."""


def refuse_features(name: str, inputs: jax.Array) -> None:
    """Raises DataError unless the inputs are images [b, height, width, channels]."""
    if inputs.ndim != 4:
        raise DataError(f"augmentation={name} needs images, and this data set has features")


def uniform(key: jax.Array, like: jax.Array, reach: jax.Array | float) -> jax.Array:
    """A draw on -reach..reach for each image of a batch, [b, 1, 1, 1], of at least float32."""
    dtype = jnp.promote_types(like.dtype, jnp.float32)
    return reach * jax.random.uniform(key, (len(like), 1, 1, 1), dtype, -1, 1)


def within(images: ArrayLike, like: jax.Array) -> jax.Array:
    """Images clipped to [0, 1], in the dtype of `like`."""
    return jnp.clip(images, 0, 1).astype(like.dtype)
