"""How sure a metric on test is: the bootstrap over its examples."""

from collections.abc import Iterator

import numpy as np

RESAMPLES = 1000
CHUNK = 100
QUANTILES = (0.025, 0.975)


def resampled_means(values: np.ndarray, resamples: int = RESAMPLES) -> np.ndarray:
    """The means of columns [n, c] over examples drawn with replacement, always the same: [resamples, c].

    Every column sees the same draws, so that differences between columns are paired (Efron 1979; Koehn 2004
    for comparing predictors on one test set).
    """
    return np.concatenate([counts @ values for counts in _shares(len(values), resamples)])


def interval(values: np.ndarray) -> tuple[float, float]:
    """The 95 % percentile interval of resampled values [resamples]."""
    low, high = np.quantile(values, QUANTILES)
    return float(low), float(high)


def _shares(examples: int, resamples: int) -> Iterator[np.ndarray]:
    # How often each example is drawn, as its share of the draws: a mean is a product with it.
    random = np.random.default_rng(0)
    for first in range(0, resamples, CHUNK):
        drawn = random.integers(examples, size=(min(CHUNK, resamples - first), examples))
        yield np.stack([np.bincount(own, minlength=examples) for own in drawn]) / examples
