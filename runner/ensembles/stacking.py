"""Linear models of what members say, that depart from their average as far as val pays for it.

Wolpert 1992, "Stacked generalization". The penalty is on the distance from the average of the members, so
that a small val split leaves the average as it is instead of shrinking every prediction towards nothing.
"""

from typing import NamedTuple

import numpy as np
from scipy.optimize import minimize
from scipy.special import log_softmax

STRENGTHS = (1.0, 0.1, 1e-2, 1e-3, 1e-4)
"""Of the penalty; the best is chosen cross-fitted."""


class Stack(NamedTuple):
    """A linear model of features [n, d]: features @ kernel + bias."""

    kernel: np.ndarray
    """[d, k]."""
    bias: np.ndarray
    """[k]."""


def features_of(said: np.ndarray) -> np.ndarray:
    """What members say, [members, n, k], side by side: [n, members * k]."""
    members, examples, outputs = said.shape
    return said.transpose(1, 0, 2).reshape(examples, members * outputs).astype(np.float64)


def average_of(members: int, outputs: int) -> np.ndarray:
    """The kernel [members * k, k] that averages."""
    return np.tile(np.eye(outputs), (members, 1)) / members


def fit_logistic(features: np.ndarray, labels: np.ndarray, prior: np.ndarray, strength: float) -> Stack:
    """Multinomial logistic regression whose kernel is drawn towards another.

    min over K, b of the mean of -log softmax(x K + b)[label] + strength / 2 |K - prior|^2; by L-BFGS (Liu and
    Nocedal 1989), with the gradient in closed form.

    Args:
        features: x, [n, d].
        labels: [n].
        prior: [d, k].
        strength: greater than 0.
    """
    (inputs, outputs), examples = prior.shape, len(features)
    rows, mean = np.arange(examples), features.mean(axis=0)
    centred = features - mean  # it changes the bias alone, which then hardly depends on the kernel
    given = centred @ prior

    def loss(flat: np.ndarray) -> tuple[float, np.ndarray]:
        away, bias = flat[:-outputs].reshape(inputs, outputs), flat[-outputs:]
        logs = log_softmax(given + centred @ away + bias, axis=1)
        value = -logs[rows, labels].mean() + strength / 2 * np.square(away).sum()
        errors = np.exp(logs)
        errors[rows, labels] -= 1
        errors /= examples
        slope = centred.T @ errors + strength * away
        return float(value), np.concatenate([slope.ravel(), errors.sum(axis=0)])

    start = np.zeros(inputs * outputs + outputs)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 500, "gtol": 1e-5})
    kernel = prior + found.x[:-outputs].reshape(inputs, outputs)
    return Stack(kernel, found.x[-outputs:] - mean @ kernel)


def fit_linear(features: np.ndarray, targets: np.ndarray, prior: np.ndarray, strength: float) -> Stack:
    """Ridge regression whose kernel is drawn towards another.

    min over K, b of the mean of |y - x K - b|^2 + strength s |K - prior|^2, in closed form; s is the mean
    variance of the features, so that the unit of the targets does not matter.

    Args:
        features: x, [n, d].
        targets: y, [n, k].
        prior: [d, k].
        strength: greater than 0.
    """
    centred, offset = features - features.mean(axis=0), targets.mean(axis=0)
    residuals = targets - offset - centred @ prior
    products = centred.T @ centred / len(features)
    scale = strength * max(float(np.trace(products)) / len(products), 1e-12)
    away = np.linalg.solve(products + scale * np.eye(len(products)), centred.T @ residuals / len(features))
    kernel = prior + away
    return Stack(kernel, offset - features.mean(axis=0) @ kernel)
