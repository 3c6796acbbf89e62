"""Elastic deformation."""

from functools import partial

import jax
import jax.numpy as jnp

from runner.data.augmentation.images import Batch, refuse_features
from runner.data.augmentation.resampling import grid, resample

Number = jax.Array | float


def elastic(key: jax.Array, inputs: jax.Array, targets: jax.Array, *, alpha: Number, sigma: Number) -> Batch:
    """Moves each pixel of an image by a smooth random field (Simard et al. 2003): bilinear, zero outside.

    The field is uniform noise on -1..1, an axis each, blurred by a Gaussian of `sigma` pixels, times `alpha`
    pixels. The blur is two matrix products: `dm_pix.elastic_deformation` takes no traced sigma, and its
    convolution is slow inside a loop on CPU.

    Raises:
        DataError: the inputs are not images.
    """
    refuse_features("elastic", inputs)
    shape = (2, *inputs.shape[1:3])
    dtype = jnp.promote_types(inputs.dtype, jnp.float32)
    noise = jax.random.uniform(key, (len(inputs), *shape), dtype, -1, 1)
    return jax.vmap(partial(warped, alpha=alpha, sigma=sigma))(inputs, noise), targets


def warped(image: jax.Array, noise: jax.Array, *, alpha: Number, sigma: Number) -> jax.Array:
    """An image [h, w, c] moved by the field that is made of noise [2, h, w]."""
    down, right = (_gaussian(side, sigma).astype(noise.dtype) for side in noise.shape[1:])
    field = alpha * jnp.einsum("ij,ajk,lk->ail", down, noise, right)
    rows, columns = grid(image)
    return resample(image, rows + field[0], columns + field[1])


def _gaussian(side: int, sigma: Number) -> jax.Array:
    """The matrix [side, side] that blurs a row of pixels, with zeros beyond its ends."""
    reach = jnp.arange(1 - side, side)
    weights = jnp.exp(-0.5 * jnp.square(reach / sigma))
    places = jnp.arange(side)
    return (weights / jnp.sum(weights))[places[:, None] - places + side - 1]
