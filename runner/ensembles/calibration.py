"""Whether a classifier is right as often as it says."""

from typing import NamedTuple

import numpy as np

BINS = 15
"""As in Guo et al. 2017."""


class Reliability(NamedTuple):
    """Examples by the confidence that a classifier has in its guess: bins of equal width from 0 to 1."""

    counts: np.ndarray
    """Examples in each bin, [bins]."""
    confidence: np.ndarray
    """Mean confidence, [bins]; 0 where there are no examples."""
    accuracy: np.ndarray
    """Share of guesses that are right, [bins]; 0 where there are no examples."""

    @property
    def error(self) -> float:
        """The expected calibration error: sum over bins of n_b / n |accuracy_b - confidence_b|.

        Naeini et al. 2015; Guo et al. 2017, "On calibration of modern neural networks", arXiv 1706.04599.
        """
        return float(self.counts @ np.abs(self.accuracy - self.confidence) / self.counts.sum())


def reliability(probabilities: np.ndarray, labels: np.ndarray, bins: int = BINS) -> Reliability:
    """The reliability diagram of probabilities [n, classes] for labels [n]."""
    confidence, hits = probabilities.max(axis=1), probabilities.argmax(axis=1) == labels
    places = bin_of(confidence, bins)
    counts = np.bincount(places, minlength=bins)
    sums = (np.bincount(places, values, bins) for values in (confidence, hits))
    means = (total / np.maximum(counts, 1) for total in sums)
    return Reliability(counts, *means)


def bin_of(confidence: np.ndarray, bins: int = BINS) -> np.ndarray:
    """The bin of each confidence [n]: ((b - 1) / bins, b / bins] for b from 1."""
    return np.clip(np.ceil(confidence * bins).astype(int) - 1, 0, bins - 1)
