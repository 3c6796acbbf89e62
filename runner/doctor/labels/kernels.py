"""Tables of numbers as features in which a linear model is a smooth nonlinear one."""

import numpy as np

FEATURES = 1_000
WIDTHS = (0.35, 0.7, 1.4)
"""Of the Gaussian kernel, in median distances between examples."""
PAIRS = 2_000


def kernel_features(columns: np.ndarray, width: float) -> np.ndarray:
    """Random Fourier features float32 [n, FEATURES] of standardised columns [n, d].

    Their products are those of a Gaussian kernel of `width` median distances (Rahimi and Recht 2007).
    """
    random = np.random.default_rng(0)
    pairs = random.integers(0, len(columns), (2, PAIRS))
    distances = np.linalg.norm(columns[pairs[0]] - columns[pairs[1]], axis=1)
    scale = width * float(np.median(distances[distances > 0])) if distances.any() else 1.0
    directions = random.normal(size=(columns.shape[1], FEATURES)) / scale
    phases = random.uniform(0, 2 * np.pi, FEATURES)
    return (np.sqrt(2 / FEATURES) * np.cos(columns @ directions + phases)).astype(np.float32)


def standardised(inputs: np.ndarray) -> np.ndarray:
    """Inputs [n, ...] as float64 columns [n, d] of mean 0 and variance 1; constant ones are 0."""
    columns = inputs.reshape(len(inputs), -1).astype(np.float64)
    deviation = columns.std(axis=0)
    return (columns - columns.mean(axis=0)) / np.where(deviation > 0, deviation, 1)
