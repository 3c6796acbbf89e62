"""Ridge regression, and what it says of each example when it has not seen it."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

STRENGTHS = (1e-3, 3e-3, 1e-2, 3e-2, 1e-1, 3e-1)
"""In mean squared singular values."""


class Ridge(NamedTuple):
    """A linear model of several outputs."""

    mean: np.ndarray
    """Of the features, [d]."""
    weights: np.ndarray
    """[d, k]."""
    offset: np.ndarray
    """[k]."""
    held_out: np.ndarray
    """[n, k]: the outputs for each example of the model fitted to all others."""
    error: float
    """The mean squared error of those."""

    def predict(self, features: np.ndarray) -> np.ndarray:
        """Outputs [m, k] for features [m, d]."""
        return (features - self.mean) @ self.weights + self.offset


def fit_ridge(features: np.ndarray, targets: np.ndarray, strengths: Sequence[float] = STRENGTHS) -> Ridge:
    """min |targets - offset - features w|^2 + strength |w|^2, at the strength that is best held out.

    No model is fitted n times: a fit is H y for a matrix H, and the residual of an example that is left out
    is its residual in the fit of all, divided by 1 - H_ii (Allen 1974; Golub, Heath and Wahba 1979).

    Args:
        features: [n, d]; its dtype is that of the computation.
        targets: [n, k].
        strengths: in mean squared singular values of the centred features.
    """
    mean, offset = features.mean(axis=0), targets.mean(axis=0).astype(features.dtype)
    centred, answers = features - mean, (targets - offset).astype(features.dtype)
    values, axes, rotated = _axes(centred)
    products, squares, best = rotated.T @ answers, np.square(rotated), None
    for strength in strengths:
        shrunk = (1 / (values + max(strength * float(values.mean()), 1e-12))).astype(features.dtype)
        leverage = 1 / len(features) + squares @ shrunk
        left = (answers - rotated @ (shrunk[:, None] * products)) / np.maximum(1 - leverage, 1e-3)[:, None]
        error = float(np.mean(np.square(left)))
        if best is None or error < best.error:
            weights = axes @ (shrunk[:, None] * products)
            best = Ridge(mean, weights, offset, (targets - left).astype(features.dtype), error)
    assert best is not None
    return best


def _axes(centred: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Squared singular values, the axes that they belong to as columns, and the features along these."""
    examples, features = centred.shape
    if features <= examples:
        values, axes = np.linalg.eigh(centred.T @ centred)
        return np.maximum(values, 0), axes, centred @ axes
    values, left = np.linalg.eigh(centred @ centred.T)
    values = np.maximum(values, 0)
    lengths = np.sqrt(values)
    return values, centred.T @ (left / np.maximum(lengths, 1e-6 * lengths.max() + 1e-30)), left * lengths
