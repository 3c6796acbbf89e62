"""Augmentations: functions of a key, inputs and targets of a batch, inside the training step.

Inputs are images in [0, 1], [b, height, width, channels]; targets are [b, k]. Each example has a draw of
its own.
"""

import dm_pix
import jax
import jax.numpy as jnp

from runner.data.dataset import DataError

Batch = tuple[jax.Array, jax.Array]


def flip(key: jax.Array, inputs: jax.Array, targets: jax.Array, *, probability: jax.Array | float) -> Batch:
    """Mirrors an image left to right with a probability.

    Raises:
        DataError: the inputs are not images.
    """
    _refuse_features("flip", inputs)
    mirror = jax.random.bernoulli(key, probability, (len(inputs), 1, 1, 1))
    return jnp.where(mirror, dm_pix.flip_left_right(inputs), inputs), targets


def translate(key: jax.Array, inputs: jax.Array, targets: jax.Array, *, fraction: jax.Array | float) -> Batch:
    """Shifts an image by a whole number of pixels, filling with zeros.

    For each axis it is uniform on -r..r, r the nearest whole number to `fraction` of that side.

    Raises:
        DataError: the inputs are not images.
    """
    _refuse_features("translate", inputs)
    for axis, own in zip((1, 2), jax.random.split(key), strict=True):
        reach = jnp.round(fraction * inputs.shape[axis]).astype(jnp.int32)
        offsets = jax.random.randint(own, (len(inputs),), -reach, reach + 1)
        inputs = jax.vmap(lambda image, offset, along=axis - 1: _shift(image, offset, along))(inputs, offsets)
    return inputs, targets


def _shift(image: jax.Array, offset: jax.Array, axis: int) -> jax.Array:
    place = jnp.arange(image.shape[axis])
    inside = (place >= offset) & (place < offset + image.shape[axis])
    shape = [1] * image.ndim
    shape[axis] = -1
    return jnp.where(inside.reshape(shape), jnp.roll(image, offset, axis), 0)


def _refuse_features(name: str, inputs: jax.Array) -> None:
    if inputs.ndim != 4:
        raise DataError(f"augmentation={name} needs images, and this data set has features")
