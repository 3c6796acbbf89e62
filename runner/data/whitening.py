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
        flat = inputs.reshape(len(inputs), -1) - self.shift
        # A whitening in the half precision that a GPU multiplies in would be none.
        return jnp.matmul(flat, self.matrix, precision="highest").reshape(inputs.shape)


def zca(inputs: np.ndarray, maximum: float, *, epsilon: float) -> Whitening:
    """W = (C + epsilon I)^(-1/2), C the covariance of the training inputs [n, ...] / maximum, flattened.

    Of all whitenings it stays closest to the inputs (Bell and Sejnowski 1997; Krizhevsky 2009). A direction
    whose variance is well below `epsilon` is left weak, so that noise is not blown up.
    """
    mean, covariance = _covariance(inputs, maximum)
    variances, directions = np.linalg.eigh(covariance)
    scale = 1 / np.sqrt(np.maximum(variances, 0) + epsilon)  # rounding leaves some just below 0
    matrix = (directions * scale) @ directions.T
    return Whitening(*jax.device_put((np.float32(mean), np.float32(matrix))))


def _covariance(inputs: np.ndarray, maximum: float) -> tuple[np.ndarray, np.ndarray]:
    flat = inputs.reshape(len(inputs), -1)
    mean = flat.mean(axis=0, dtype=np.float64) / maximum
    products = np.zeros((len(mean), len(mean)))
    for first in range(0, len(flat), ROWS):
        centred = flat[first : first + ROWS] / maximum - mean
        products += centred.T @ centred
    return mean, products / len(flat)
