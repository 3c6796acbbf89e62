"""The loss of a mixture of members as a function of its weights: convex, and cheap once they have spoken."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

TINY = 1e-30
"""The least likelihood whose logarithm is taken."""


class MixtureLoss(NamedTuple):
    """A loss on val of weights on the simplex."""

    values: Callable[[np.ndarray], np.ndarray]
    """Weights [c, members] -> the loss of each, [c]."""
    gradient: Callable[[np.ndarray], np.ndarray]
    """Weights [members] -> [members]."""
    members: int


def likelihood_loss(likelihoods: np.ndarray) -> MixtureLoss:
    """The negative log-likelihood, mean over n of -log sum_m w_m p_m(class), of likelihoods [members, n]."""
    likelihoods = likelihoods.astype(np.float64)

    def mixed(weights: np.ndarray) -> np.ndarray:
        return np.maximum(weights @ likelihoods, TINY)

    def gradient(weights: np.ndarray) -> np.ndarray:
        return -(likelihoods / mixed(weights)).mean(axis=1)

    return MixtureLoss(lambda weights: -np.log(mixed(weights)).mean(axis=-1), gradient, len(likelihoods))


def square_loss(residuals: np.ndarray) -> MixtureLoss:
    """The mean squared error, w' G w for the members' residuals [members, n, k] with products G.

    The weights sum to 1, so that the residual of the mixture is the mixture of the residuals.
    """
    flat = residuals.reshape(len(residuals), -1).astype(np.float64)
    products = flat @ flat.T / flat.shape[1]

    def values(weights: np.ndarray) -> np.ndarray:
        return np.einsum("cm,ml,cl->c", weights, products, weights)

    return MixtureLoss(values, lambda weights: 2 * products @ weights, len(residuals))
