"""Rotation, scaling and shearing about the centre of an image: bilinear, filling with zeros."""

import jax
import jax.numpy as jnp

from runner.data.augmentation.images import Batch, refuse_features, uniform
from runner.data.augmentation.resampling import grid, resample


def rotate(key: jax.Array, inputs: jax.Array, targets: jax.Array, *, degrees: jax.Array | float) -> Batch:
    """Rotates an image about its centre by an angle, uniform on +-`degrees`.

    Raises:
        DataError: the inputs are not images.
    """
    refuse_features("rotate", inputs)
    angles = uniform(key, inputs, jnp.deg2rad(degrees))[:, 0, 0, 0]
    return jax.vmap(rotated)(inputs, angles), targets


def scale(key: jax.Array, inputs: jax.Array, targets: jax.Array, *, fraction: jax.Array | float) -> Batch:
    """Enlarges an image about its centre by a factor from 1 / (1 + fraction) to 1 + fraction.

    The factor's logarithm is uniform: an image shrinks as often as it grows.

    Raises:
        DataError: the inputs are not images.
    """
    refuse_features("scale", inputs)
    factors = jnp.exp(uniform(key, inputs, jnp.log1p(fraction)))[:, 0, 0, 0]
    return jax.vmap(scaled)(inputs, factors), targets


def shear(key: jax.Array, inputs: jax.Array, targets: jax.Array, *, fraction: jax.Array | float) -> Batch:
    """Slants an image: a row moves right by s times its height over the centre, s uniform on +-`fraction`.

    Raises:
        DataError: the inputs are not images.
    """
    refuse_features("shear", inputs)
    slopes = uniform(key, inputs, fraction)[:, 0, 0, 0]
    return jax.vmap(sheared)(inputs, slopes), targets


def rotated(image: jax.Array, angle: jax.Array | float) -> jax.Array:
    """An image [h, w, c] turned counterclockwise by an angle in radians."""
    cosine, sine = jnp.cos(angle), jnp.sin(angle)
    return _transformed(image, ((cosine, sine), (-sine, cosine)))


def scaled(image: jax.Array, factor: jax.Array | float) -> jax.Array:
    """An image [h, w, c] enlarged by a factor."""
    return _transformed(image, ((1 / factor, 0), (0, 1 / factor)))


def sheared(image: jax.Array, slope: jax.Array | float) -> jax.Array:
    """An image [h, w, c], each row moved right by `slope` times its height over the centre."""
    return _transformed(image, ((1, 0), (slope, 1)))


def _transformed(image: jax.Array, matrix: tuple[tuple[jax.Array | float, ...], ...]) -> jax.Array:
    """Where each pixel (row, column), from the centre, comes from: `matrix` times it."""
    middle = [(side - 1) / 2 for side in image.shape[:2]]
    place = [axis - centre for axis, centre in zip(grid(image), middle, strict=True)]
    rows, columns = (
        own[0] * place[0] + own[1] * place[1] + centre for own, centre in zip(matrix, middle, strict=True)
    )
    return resample(image, rows, columns)
