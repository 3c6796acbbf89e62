"""The weights on the simplex that minimise a loss."""

import numpy as np
from scipy.optimize import minimize

from runner.ensembles.mixtures import MixtureLoss

NEGLIGIBLE = 1e-3
"""A weight below it is 0: the member need not be kept."""


def best_weights(loss: MixtureLoss) -> np.ndarray:
    """min loss(w) over w >= 0 with sum 1: [members].

    The loss is convex, so that the one minimum is found from anywhere; by sequential least squares
    programming (Kraft 1988), from equal weights.
    """
    count = loss.members
    found = minimize(
        lambda weights: float(loss.values(weights[None])[0]),
        np.full(count, 1 / count),
        jac=loss.gradient,
        method="SLSQP",
        bounds=[(0, 1)] * count,
        constraints={"type": "eq", "fun": lambda w: w.sum() - 1, "jac": lambda w: np.ones_like(w)},
        options={"ftol": 1e-10, "maxiter": 500},
    )
    weights = np.where(found.x < NEGLIGIBLE, 0, found.x)
    return weights / weights.sum()
