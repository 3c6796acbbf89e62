"""Linear models of what members say, that depart from their average as far as val pays for it.

Wolpert 1992, "Stacked generalization". The penalty is on the distance from the average of the members, so
that a small val split leaves the average as it is instead of shrinking every prediction towards nothing.
"""

from typing import NamedTuple

import numpy as np
from scipy.optimize import minimize
from scipy.special import log_softmax

STRENGTHS = (0.1, 1e-2, 1e-3)
"""Of the penalty; the best is chosen cross-fitted."""
MOST_STEPS = 100
"""Of the optimizer."""


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
    Nocedal 1989), which ends after MOST_STEPS at the latest: near the minimum the held-out loss is flat.

    Args:
        features: x, [n, d].
        labels: [n].
        prior: [d, k].
        strength: greater than 0.
    """
    problem = _Logistic(features - features.mean(axis=0), labels, prior, strength)
    start = np.zeros(prior.size + prior.shape[1])
    options = {"gtol": 1e-5, "maxiter": MOST_STEPS}
    found = minimize(problem.loss, start, jac=True, method="L-BFGS-B", options=options)
    away, bias = problem.divided(found.x)
    # What is centred changes the bias alone, which then hardly depends on the kernel.
    return Stack(prior + away, bias - features.mean(axis=0) @ (prior + away))


class _Logistic:
    """A function of the kernel's distance from `prior` and the bias, flat in one vector."""

    def __init__(self, features: np.ndarray, labels: np.ndarray, prior: np.ndarray, strength: float) -> None:
        self._features, self._strength, self._shape = features, strength, prior.shape
        self._given = features @ prior
        self._targets = np.eye(prior.shape[1])[labels]

    def divided(self, flat: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Kernel and bias."""
        outputs = self._shape[1]
        return flat[:-outputs].reshape(self._shape), flat[-outputs:]

    def loss(self, flat: np.ndarray) -> tuple[float, np.ndarray]:
        """The value and its gradient."""
        away, bias = self.divided(flat)
        logs = log_softmax(self._given + self._features @ away + bias, axis=1)
        value = -np.mean(np.sum(self._targets * logs, axis=1)) + self._strength / 2 * np.square(away).sum()
        return float(value), self._pulled_back(np.exp(logs) - self._targets, away)

    def _pulled_back(self, slopes: np.ndarray, penalised: np.ndarray) -> np.ndarray:
        slopes = slopes / len(slopes)
        kernel = self._features.T @ slopes + self._strength * penalised
        return np.concatenate([kernel.ravel(), slopes.sum(axis=0)])


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
