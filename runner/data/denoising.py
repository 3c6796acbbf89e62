"""Denoising: preprocessing that takes out what is far from its surroundings."""

from dataclasses import dataclass, field

import jax
import jax.numpy as jnp
import numpy as np


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Median:
    """Each pixel becomes the median of the `size` x `size` pixels about it, a channel at a time."""

    size: int = field(metadata={"static": True})

    def __call__(self, images: jax.Array) -> jax.Array:
        """Images [n, h, w, c] -> the same shape; beyond the border they are mirrored."""
        reach = self.size // 2
        padded = jnp.pad(images, ((0, 0), (reach, reach), (reach, reach), (0, 0)), mode="symmetric")
        height, width = images.shape[1:3]
        windows = [
            padded[:, row : row + height, column : column + width]
            for row in range(self.size)
            for column in range(self.size)
        ]
        return jnp.sort(jnp.stack(windows), axis=0)[len(windows) // 2]


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Clipping:
    """Values below `low` or above `high`, each [d], become those."""

    low: jax.Array
    high: jax.Array

    def __call__(self, inputs: jax.Array) -> jax.Array:
        """Features [n, d] -> the same shape."""
        return jnp.clip(inputs, self.low, self.high)


def denoise(inputs: np.ndarray, maximum: float, *, size: int, deviations: float) -> Median | Clipping:
    """A median filter (Tukey 1977) for images; for features, mean +- `deviations` standard deviations clips.

    Mean and deviation are those of a feature over the training inputs [n, d].

    Raises:
        ValueError: `size` is not odd, or less than 1.
    """
    if size < 1 or size % 2 == 0:
        raise ValueError(f"size={size}: a median filter needs an odd number of at least 1")
    if inputs.ndim == 4:
        return Median(size)
    mean, deviation = (moment(axis=0, dtype=np.float64) / maximum for moment in (inputs.mean, inputs.std))
    limits = (mean - deviations * deviation, mean + deviations * deviation)
    return Clipping(*jax.device_put(tuple(map(np.float32, limits))))
