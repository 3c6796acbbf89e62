"""Hue and saturation."""

import dm_pix
import jax
import jax.numpy as jnp

from runner.data.augmentation.images import Batch, refuse_features, uniform, within
from runner.data.dataset import DataError

Number = jax.Array | float


def color(key: jax.Array, inputs: jax.Array, targets: jax.Array, *, hue: Number, saturation: Number) -> Batch:
    """Turns the hue of an image and makes it more or less saturated (as HSV, Smith 1978).

    The hue moves by a share of the circle, uniform on +-`hue`; the saturation is multiplied by a factor,
    uniform on 1 +- `saturation`, and clipped.

    Raises:
        DataError: the inputs are not images of 3 channels.
    """
    refuse_features("color", inputs)
    if inputs.shape[-1] != 3:
        raise DataError(
            f"augmentation=color needs red, green and blue, and these images have {inputs.shape[-1]} channel"
            f"{'s' if inputs.shape[-1] > 1 else ''}"
        )
    turn, factor = (
        uniform(own, inputs, reach)[..., 0]
        for own, reach in zip(jax.random.split(key), (hue, saturation), strict=True)
    )
    images = inputs.astype(turn.dtype)  # a hue of bfloat16 would be a coarse one
    images = dm_pix.adjust_saturation(dm_pix.adjust_hue(images, turn), jnp.maximum(1 + factor, 0))
    return within(images, inputs), targets
