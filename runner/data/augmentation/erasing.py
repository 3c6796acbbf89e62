"""Squares taken out of an image."""

import jax
import jax.numpy as jnp

from runner.data.augmentation.images import Batch, refuse_features


def cutout(key: jax.Array, inputs: jax.Array, targets: jax.Array, *, fraction: jax.Array | float) -> Batch:
    """Blackens a square of an image (DeVries and Taylor 2017, arXiv 1708.04552).

    Its side is the nearest whole number of pixels to `fraction` of the shorter side of the image. Its centre
    is any pixel, so that part of it may lie outside.

    Raises:
        DataError: the inputs are not images.
    """
    refuse_features("cutout", inputs)
    sides = inputs.shape[1:3]
    length = jnp.round(fraction * min(sides)).astype(jnp.int32)
    inside = [
        covered(jax.random.randint(own, (len(inputs),), 0, side) - length // 2, length, side)
        for own, side in zip(jax.random.split(key), sides, strict=True)
    ]
    return jnp.where(rectangles(*inside), 0, inputs), targets


def covered(first: jax.Array, length: jax.Array, side: int) -> jax.Array:
    """Which of the `side` pixels of an axis are among the `length` from `first` on: bool [b, side]."""
    place = jnp.arange(side)
    return (place >= first[:, None]) & (place < jnp.reshape(first + length, (-1, 1)))


def rectangles(rows: jax.Array, columns: jax.Array) -> jax.Array:
    """Where covered rows [b, h] and columns [b, w] meet: bool [b, h, w, 1]."""
    return (rows[:, :, None] & columns[:, None, :])[..., None]
