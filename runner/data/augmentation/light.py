"""Brightness and contrast."""

import dm_pix
import jax

from runner.data.augmentation.images import Batch, refuse_features, uniform, within


def brightness(
    key: jax.Array, inputs: jax.Array, targets: jax.Array, *, fraction: jax.Array | float
) -> Batch:
    """Adds a number to all pixels of an image, uniform on +-`fraction`, and clips to [0, 1].

    Raises:
        DataError: the inputs are not images.
    """
    refuse_features("brightness", inputs)
    shifted = dm_pix.adjust_brightness(inputs, uniform(key, inputs, fraction))
    return within(shifted, inputs), targets


def contrast(key: jax.Array, inputs: jax.Array, targets: jax.Array, *, fraction: jax.Array | float) -> Batch:
    """Spreads an image about the mean of each channel by a factor, uniform on 1 +- `fraction`, and clips.

    Raises:
        DataError: the inputs are not images.
    """
    refuse_features("contrast", inputs)
    spread = dm_pix.adjust_contrast(inputs, 1 + uniform(key, inputs, fraction))
    return within(spread, inputs), targets
