"""Intervals, tests and sample sizes for means over seeds: pure functions of arrays.

Of SciPy only `special`, whose import takes a tenth of the time that `stats` takes.
"""

import functools
import math
from typing import NamedTuple

import numpy as np
from scipy import special

from runner.comparison.model import Interval

LEVEL = 0.95
ALPHA = 0.05
POWER = 0.8
BOOTSTRAP_FROM = 20
"""Below it a bootstrap covers too little: 0.75 of 0.95 with 3 values, 0.84 with 5."""
RESAMPLES = 4000
MOST_SEEDS = 10_000


class Test(NamedTuple):
    """Of the hypothesis that a mean is 0."""

    mean: float
    interval: Interval | None
    p: float | None


def mean_interval(values: np.ndarray) -> Interval | None:
    """The 95 % interval of the mean of values [n]; None for fewer than two, or where all are one number.

    Student's t below 20 values, from there the bootstrap, which needs no normal distribution.
    """
    if len(values) < 2 or _spread(values) == 0:
        return None
    return t_interval(values) if len(values) < BOOTSTRAP_FROM else bootstrap_interval(values)


def t_interval(values: np.ndarray) -> Interval:
    """mean ± t(0.975, n - 1) s / sqrt(n) for values [n], n > 1 (Student 1908)."""
    count = len(values)
    half = float(_t_quantile(count) * np.std(values, ddof=1)) / math.sqrt(count)
    mean = float(np.mean(values))
    return Interval(mean - half, mean + half, "t")


def bootstrap_interval(values: np.ndarray) -> Interval:
    """The bias-corrected and accelerated bootstrap (Efron 1987) of the mean of values [n].

    Its quantiles are widened by Phi(-sqrt(n / (n - 1)) t(0.975, n - 1)), without which it is too narrow by
    about 1/n (Hesterberg 2015, "What Teachers Should Know About the Bootstrap"). The draws never change.
    """
    mean = float(np.mean(values))
    means = np.sort(values[_resamples(len(values))].mean(axis=1))
    below = (np.mean(means < mean) + np.mean(means <= mean)) / 2
    if means[0] == means[-1] or not 0 < below < 1:
        return Interval(float(means[0]), float(means[-1]), "bootstrap")
    bias, acceleration = special.ndtri(below), _acceleration(values)
    widened = math.sqrt(len(values) / (len(values) - 1)) * _t_quantile(len(values))
    shifted = bias + np.array([-widened, widened])
    low, high = np.quantile(means, special.ndtr(bias + shifted / (1 - acceleration * shifted)))
    return Interval(float(low), float(high), "bootstrap")


def paired_test(differences: np.ndarray) -> Test:
    """Whether differences [n] of pairs have mean 0: the paired t test, with the interval of the mean.

    Where all differences are one number t has no spread to go by (two seeds often differ by the same few
    examples); the sign test's p = 2^(1 - n) is exact there.
    """
    mean = float(np.mean(differences)) if len(differences) else math.nan
    if len(differences) < 2:
        return Test(mean, None, None)
    spread = _spread(differences)
    if spread == 0:
        p = 1.0 if mean == 0 else 2.0 ** (1 - len(differences))
        return Test(mean, mean_interval(differences), p)
    t = mean / (spread / math.sqrt(len(differences)))
    p = 2 * float(special.stdtr(len(differences) - 1, -abs(t)))
    return Test(mean, mean_interval(differences), p)


def holm(ps: np.ndarray, family: int) -> np.ndarray:
    """P values [n] adjusted so that any false verdict among them has at most the level's chance (Holm 1979).

    `family` >= n is how many hypotheses there are of which these n were looked at, however they were chosen.
    The k-th smallest becomes max over j <= k of (family - j + 1) p_j, at most 1.
    """
    order = np.argsort(ps, kind="stable")
    factors = family - np.arange(len(ps))
    adjusted = np.empty(len(ps))
    adjusted[order] = np.minimum(np.maximum.accumulate(factors * ps[order]), 1)
    return adjusted


def power(count: int, effect: float, alpha: float = ALPHA) -> float:
    """The chance that the two-sided paired t test of `count` pairs sees a mean of `effect` deviations.

    By the noncentral t distribution (Cohen 1988, chapter 2).
    """
    critical = float(special.stdtrit(count - 1, 1 - alpha / 2))
    noncentrality = effect * math.sqrt(count)
    upper = 1 - special.nctdtr(count - 1, noncentrality, critical)
    return float(upper + special.nctdtr(count - 1, noncentrality, -critical))


def more_needed(differences: np.ndarray, alpha: float = ALPHA) -> int | None:
    """How many more pairs would tell a mean of this size and spread, with 80 % power.

    None where it cannot be said: no spread, no difference, or more than 10,000 pairs.
    """
    spread = _spread(differences) if len(differences) > 1 else 0.0
    if spread == 0:
        return None
    effect = abs(float(np.mean(differences))) / spread
    low, high = 1, 2
    while power(high, effect, alpha) < POWER:
        low, high = high, 2 * high
        if high > MOST_SEEDS:
            return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if power(middle, effect, alpha) >= POWER else (middle, high)
    return max(high - len(differences), 1)


def _spread(values: np.ndarray) -> float:
    # 0.9 - 0.8 and 0.8 - 0.7 are one difference, though not in floating point.
    spread = float(np.std(values, ddof=1))
    return spread if spread > 1e-12 * float(np.max(np.abs(values))) else 0.0


def _acceleration(values: np.ndarray) -> float:
    # Of the mean, the jackknife's skewness is that of the values themselves.
    centred = values - np.mean(values)
    return float(np.sum(centred**3) / (6 * np.sum(centred**2) ** 1.5))


def _t_quantile(count: int) -> float:
    return float(special.stdtrit(count - 1, (1 + LEVEL) / 2))


@functools.lru_cache(maxsize=8)
def _resamples(count: int) -> np.ndarray:
    return np.random.default_rng(0).integers(count, size=(RESAMPLES, count))
