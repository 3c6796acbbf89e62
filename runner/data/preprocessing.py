"""Preprocessing: functions that are fitted to the training inputs and return what to apply to every input.

What they return is a pytree that is called, so that its statistics are inputs of the compiled program and
not constants in it.
"""

from dataclasses import dataclass

import jax
import numpy as np

COUNTED = 2**18
"""Bytes that are counted at a time."""


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Affine:
    """(x - shift) * scale, along the last axis."""

    shift: jax.Array
    scale: jax.Array

    def __call__(self, inputs: jax.Array) -> jax.Array:
        """Inputs [n, ..., c] -> the same shape."""
        return (inputs - self.shift) * self.scale


def standardize(inputs: np.ndarray, maximum: float) -> Affine:
    """Zero mean and unit variance over the training inputs [n, ..., c]: per feature, or channel of images.

    `inputs / maximum` is what the function will be applied to. A feature that never changes is only shifted.
    """
    mean, deviation = _moments(inputs)
    scale = maximum / np.where(deviation > 0, deviation, maximum)
    return Affine(*jax.device_put((np.float32(mean / maximum), np.float32(scale))))


def minmax(inputs: np.ndarray, maximum: float) -> Affine:
    """The range of the training inputs [n, ..., c] becomes 0 to 1: per feature, or channel of images.

    Applied to `inputs / maximum` as `standardize` is. A feature that never changes is only shifted.
    """
    columns = inputs.reshape(-1, inputs.shape[-1])
    low, high = (extreme(axis=0).astype(np.float64) for extreme in (columns.min, columns.max))
    scale = maximum / np.where(high > low, high - low, maximum)
    return Affine(*jax.device_put((np.float32(low / maximum), np.float32(scale))))


def _moments(inputs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    columns = inputs.reshape(-1, inputs.shape[-1])
    if inputs.dtype == np.uint8:
        return _moments_of_bytes(columns)
    return columns.mean(axis=0, dtype=np.float64), columns.std(axis=0, dtype=np.float64)


def _moments_of_bytes(columns: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    # By counting values: exact, and it makes no copy of the images as floats.
    values = np.arange(256)
    counts = np.stack([_counted(column) for column in columns.T])
    mean = counts @ values / len(columns)
    variance = (counts * (values - mean[:, None]) ** 2).sum(axis=1) / len(columns)
    return mean, np.sqrt(variance)


def _counted(column: np.ndarray) -> np.ndarray:
    """How often each byte [256] is in a column [n]."""
    # A part at a time: NumPy counts a copy, of integers of 64 bits, 15 times as fast where it fits the cache.
    parts = np.array_split(column, 1 + len(column) // COUNTED)
    return np.sum([np.bincount(part, minlength=256) for part in parts], axis=0)
