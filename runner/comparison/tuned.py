"""The best of several settings, chosen on other seeds than those it is judged by."""

import math
from collections.abc import Collection, Sequence

import numpy as np

from runner.comparison.measure import Measure
from runner.comparison.model import Setting
from runner.comparison.pairs import BySeed, by_seed

SHARE = 3
"""One seed in so many chooses, the others judge: rates mostly differ more than seeds do."""


def tuned_pair(
    first: Sequence[Setting], second: Sequence[Setting], measure: Measure
) -> tuple[BySeed, BySeed]:
    """The runs of the best of `first` and of the best of `second`, on the seeds that did not choose them.

    The best of many by its own values is flattered by chance, and to leave out one seed at a time does not
    help: of 20 equal settings with 10 seeds it claims a difference in one simulation of four. Where there is
    nothing to choose from, all seeds judge.
    """
    seeds = sorted(_seeds(first) & _seeds(second))
    if len(first) == len(second) == 1 or len(seeds) < 2:
        return by_seed(first[0]), by_seed(second[0])
    count = max(len(seeds) // SHARE, 1)
    choosing, judging = seeds[:count], seeds[count:]
    return _chosen(first, choosing, judging, measure), _chosen(second, choosing, judging, measure)


def _chosen(
    settings: Sequence[Setting], choosing: Collection[int], judging: Collection[int], measure: Measure
) -> BySeed:
    best = max(settings, key=lambda setting: _merit(setting, choosing, measure))
    return {seed: run for seed, run in by_seed(best).items() if seed in judging}


def _merit(setting: Setting, seeds: Collection[int], measure: Measure) -> float:
    values = zip(setting.runs, setting.values, strict=True)
    merits = [measure.merit(value) for run, value in values if run.seed in seeds]
    return float(np.mean(merits)) if merits and all(map(math.isfinite, merits)) else -math.inf


def _seeds(settings: Sequence[Setting]) -> set[int]:
    return {run.seed for setting in settings for run in setting.runs}
