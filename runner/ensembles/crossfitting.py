"""What is fitted to val, judged by examples of val that it was not fitted to."""

from collections.abc import Callable

import numpy as np

FOLDS = 5
Fitted = Callable[[np.ndarray], np.ndarray]
"""The indices of examples [m] -> the outputs for them [m, k]."""


def cross_fitted(fit: Callable[[np.ndarray], Fitted], examples: int, folds: int = FOLDS) -> np.ndarray:
    """Outputs [n, k] for each of n examples of what was fitted to the other folds.

    `fit` is given the indices of the examples to fit to. Folds are drawn at random, always the same.
    """
    order = np.random.default_rng(0).permutation(examples)
    parts = [np.sort(part) for part in np.array_split(order, min(folds, examples))]
    found = [fit(np.setdiff1d(order, part))(part) for part in parts]
    outputs = np.empty((examples, found[0].shape[1]), found[0].dtype)
    outputs[np.concatenate(parts)] = np.concatenate(found)
    return outputs
