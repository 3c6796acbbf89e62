"""Runs that differ in one option alone, side by side."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from runner.comparison.budget import Histories, difference
from runner.comparison.measure import Measure
from runner.comparison.model import Run, Setting


class Paired(NamedTuple):
    """Differences of pairs of runs, averaged to one a seed."""

    differences: dict[int, float]
    """By seed, each over the same contexts."""
    pairs: int
    lost: int


def paired(contexts: Sequence[tuple[Setting, Setting]], measure: Measure, read: Histories) -> Paired:
    """What the first setting of each context has more than the second, by seed.

    Only the seeds and contexts are used of which no pair is missing: otherwise a seed's average would be over
    other options than its neighbour's, and their difference would pass for chance.
    """
    runs = [(_by_seed(first), _by_seed(second)) for first, second in contexts]
    seeds = sorted({seed for first, second in runs for seed in first.keys() & second.keys()})
    table = np.array([[_difference(pair, seed, measure, read) for seed in seeds] for pair in runs], float)
    table = table.reshape(len(contexts), len(seeds))
    rows, columns = complete(np.isfinite(table))
    kept = table[np.ix_(rows, columns)]
    means = kept.mean(axis=0).tolist() if kept.size else []
    return Paired(
        {seeds[column]: mean for column, mean in zip(columns, means, strict=True)},
        kept.size,
        table.size - kept.size,
    )


def complete(present: np.ndarray) -> tuple[list[int], list[int]]:
    """The rows and columns of a table [n, m] of bools that stay when those with most gaps are left out.

    One at a time, until no gap is left: a column (a seed) only if more than half of it is missing and no row
    lacks a larger share, for it is the seeds that tell an effect from chance.
    """
    rows, columns = list(range(present.shape[0])), list(range(present.shape[1]))
    while rows and columns:
        gaps = ~present[np.ix_(rows, columns)]
        if not gaps.any():
            return rows, columns
        by_row, by_column = gaps.mean(axis=1), gaps.mean(axis=0)
        if by_column.max() <= max(0.5, by_row.max()):
            del rows[int(by_row.argmax())]
        else:
            del columns[int(by_column.argmax())]
    return [], []


def _by_seed(setting: Setting) -> dict[int, Run]:
    return {run.seed: run for run in setting.runs}


def _difference(
    pair: tuple[dict[int, Run], dict[int, Run]], seed: int, measure: Measure, read: Histories
) -> float:
    first, second = pair
    if seed not in first or seed not in second:
        return math.nan
    return difference(first[seed], second[seed], measure, read)
