"""Images at points between their pixels."""

import jax
import jax.numpy as jnp
from jax.scipy.ndimage import map_coordinates

from runner.data.augmentation.images import within


def resample(image: jax.Array, rows: jax.Array, columns: jax.Array) -> jax.Array:
    """An image [h, w, c] at the points (rows, columns), each [h, w]: bilinear, and zero outside.

    Towards the outside it falls to zero within a pixel. `dm_pix.affine_transform` cuts it off at the border,
    where rounding then takes away a whole row or column; its gather took 100 times as long in a CPU's loop.
    """
    channels = jnp.moveaxis(image, -1, 0)
    sample = jax.vmap(lambda channel: map_coordinates(channel, [rows, columns], order=1, mode="constant"))
    return within(jnp.moveaxis(sample(channels), 0, -1), image)


def grid(image: jax.Array) -> tuple[jax.Array, jax.Array]:
    """The rows and the columns of the pixels of an image [h, w, c], each [h, w]."""
    dtype = jnp.promote_types(image.dtype, jnp.float32)
    axes = (jnp.arange(side, dtype=dtype) for side in image.shape[:2])
    rows, columns = jnp.meshgrid(*axes, indexing="ij")
    return rows, columns
