"""Labels as a mixture of what the inputs say and of chance."""

from typing import NamedTuple

import numpy as np

HOTTEST, COLDEST, ROUNDS = 0.5, 200.0, 24
"""Temperatures are sought between these, in so many rounds of the golden section."""
EXPECTATIONS = 40
_GOLDEN = (np.sqrt(5) - 1) / 2


class Mixture(NamedTuple):
    """p(label | x) = (1 - e) softmax(t z)[label] + e / K for the outputs z of a model of x."""

    probabilities: np.ndarray
    """softmax(t z), [n, k]: the class, as the inputs say it."""
    random: float
    """e: the share of labels that chance drew, right ones too."""
    wrong: np.ndarray
    """[n]: how probable it is that the label of an example is wrong."""


def fit_mixture(outputs: np.ndarray, labels: np.ndarray) -> Mixture:
    """The mixture of most likelihood, its e by expectation and maximisation.

    Args:
        outputs: [n, k] for each example by a model that has not seen its label.
        labels: as given, int [n].
    """
    low, high = np.log(HOTTEST), np.log(COLDEST)
    for _ in range(ROUNDS):
        span = _GOLDEN * (high - low)
        inner, outer = high - span, low + span
        if _fit(outputs, labels, inner)[0] > _fit(outputs, labels, outer)[0]:
            high = outer
        else:
            low = inner
    temperature = (low + high) / 2
    _, random = _fit(outputs, labels, temperature)
    probabilities = _softmax(np.exp(temperature) * outputs)
    given = probabilities[np.arange(len(labels)), labels]
    chance = random / outputs.shape[1]
    return Mixture(probabilities, random, chance * (1 - given) / ((1 - random) * given + chance + 1e-300))


def _fit(outputs: np.ndarray, labels: np.ndarray, temperature: float) -> tuple[float, float]:
    """The log-likelihood at a temperature, and the share of random labels there."""
    given = _softmax(np.exp(temperature) * outputs)[np.arange(len(labels)), labels]
    random, classes = 0.1, outputs.shape[1]
    for _ in range(EXPECTATIONS):
        both = (1 - random) * given + random / classes
        random = float(np.mean(random / classes / both))
    return float(np.log((1 - random) * given + random / classes + 1e-300).mean()), random


def _softmax(outputs: np.ndarray) -> np.ndarray:
    powers = np.exp(outputs - outputs.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)
