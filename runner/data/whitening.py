"""Whitening: preprocessing that leaves the inputs uncorrelated."""

from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np

ROWS = 4096
"""Examples made floats at a time."""


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Whitening:
    """(x - shift) W of the flattened inputs."""

    shift: jax.Array
    """[d]."""
    matrix: jax.Array
    """[d, d], symmetric."""

    def __call__(self, inputs: jax.Array) -> jax.Array:
        """Inputs [n, ...] of d values each -> the same shape."""
        flat = inputs.reshape(inputs.shape[0], -1) - self.shift
        # A whitening in the half precision that a GPU multiplies in would be none.
        return jnp.matmul(flat, self.matrix, precision="highest").reshape(inputs.shape)


def zca(inputs: np.ndarray, maximum: float, *, epsilon: float) -> Whitening:
    """W = (C + epsilon I)^(-1/2), C the covariance of the training inputs [n, ...] / maximum, flattened.

    Of all whitenings it stays closest to the inputs (Bell and Sejnowski 1997; Krizhevsky 2009). A direction
    whose variance is well below `epsilon` is left weak, so that noise is not blown up.
    """
    mean, variances, directions = _principal_axes(inputs.reshape(len(inputs), -1), maximum)
    scale, unseen = 1 / np.sqrt(variances + epsilon), 1 / np.sqrt(epsilon)
    matrix = (directions * (scale - unseen)) @ directions.T + unseen * np.eye(len(mean))
    return Whitening(*jax.device_put((np.float32(mean), np.float32(matrix))))


def _principal_axes(flat: np.ndarray, maximum: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Of flat [n, d] / maximum: mean [d], variances [k], directions [d, k]; any other has no variance."""
    mean = flat.mean(axis=0, dtype=np.float64) / maximum
    if len(flat) < len(mean):
        _, lengths, directions = np.linalg.svd(flat / maximum - mean, full_matrices=False)
        return mean, lengths**2 / len(flat), directions.T
    variances, directions = np.linalg.eigh(_covariance(flat, mean, maximum))
    return mean, np.maximum(variances, 0), directions  # rounding leaves some just below 0


def _covariance(flat: np.ndarray, mean: np.ndarray, maximum: float) -> np.ndarray:
    products = np.zeros((len(mean), len(mean)))
    for first in range(0, len(flat), ROWS):
        centred = flat[first : first + ROWS] / maximum - mean
        products += centred.T @ centred
    return products / len(flat)
