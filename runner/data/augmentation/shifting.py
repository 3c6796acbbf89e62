"""Shifts by whole pixels."""

from collections.abc import Callable

import jax
import jax.numpy as jnp

from runner.data.augmentation.images import Batch, refuse_features


def translate(key: jax.Array, inputs: jax.Array, targets: jax.Array, *, fraction: jax.Array | float) -> Batch:
    """Shifts an image by a whole number of pixels, filling with zeros.

    For each axis it is uniform on -r..r, r the nearest whole number to `fraction` of that side.

    Raises:
        DataError: the inputs are not images.
    """
    refuse_features("translate", inputs)
    return _moved(key, inputs, fraction, _shift), targets


def crop(key: jax.Array, inputs: jax.Array, targets: jax.Array, *, fraction: jax.Array | float) -> Batch:
    """Pads an image with its reflection, and crops it back to its size at a random place.

    For each axis the padding is the nearest whole number of pixels to `fraction` of that side: an eighth is
    the 4 pixels of 32 of He et al. (2015, arXiv 1512.03385), reflected as by Zagoruyko and Komodakis (2016,
    arXiv 1605.07146). With zeros for a padding it would be `translate`.

    Raises:
        DataError: the inputs are not images.
    """
    refuse_features("crop", inputs)
    return _moved(key, inputs, fraction, _reflect), targets


def _moved(
    key: jax.Array,
    images: jax.Array,
    fraction: jax.Array | float,
    move: Callable[[jax.Array, jax.Array, int], jax.Array],
) -> jax.Array:
    for axis, own in zip((1, 2), jax.random.split(key), strict=True):
        reach = jnp.round(fraction * images.shape[axis]).astype(jnp.int32)
        offsets = jax.random.randint(own, (len(images),), -reach, reach + 1)
        images = jax.vmap(lambda image, offset, along=axis - 1: move(image, offset, along))(images, offsets)
    return images


def _shift(image: jax.Array, offset: jax.Array, axis: int) -> jax.Array:
    place = jnp.arange(image.shape[axis])
    inside = (place >= offset) & (place < offset + image.shape[axis])
    shape = [1] * image.ndim
    shape[axis] = -1
    return jnp.where(inside.reshape(shape), jnp.roll(image, offset, axis), 0)


def _reflect(image: jax.Array, offset: jax.Array, axis: int) -> jax.Array:
    # Reflected over and over, an axis of n pixels comes back every 2 (n - 1).
    period = max(1, 2 * (image.shape[axis] - 1))
    place = (jnp.arange(image.shape[axis]) - offset) % period
    return jnp.take(image, jnp.minimum(place, period - place), axis)
