"""Runs that differ in one option alone, side by side."""

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from runner.comparison.budget import Histories, difference
from runner.comparison.measure import Measure
from runner.comparison.model import Run, Setting

BySeed = Mapping[int, Run]


class Paired(NamedTuple):
    """Differences of pairs of runs, averaged to one a seed."""

    differences: dict[int, float]
    """By seed, each over the same contexts."""
    pairs: int
    lost: int


def paired(contexts: Sequence[tuple[BySeed, BySeed]], measure: Measure, read: Histories) -> Paired:
    """What the first runs of each context have more than the second, by seed.

    Only the seeds and contexts are used of which no pair is missing: otherwise a seed's average would be over
    other options than its neighbour's, and their difference would pass for chance.
    """
    seeds = sorted({seed for first, second in contexts for seed in first.keys() & second.keys()})
    rows = [[_difference(context, seed, measure, read) for seed in seeds] for context in contexts]
    table = np.array(rows, float).reshape(len(contexts), len(seeds))
    kept_rows, kept = complete(np.isfinite(table))
    means = table[np.ix_(kept_rows, kept)].mean(axis=0).tolist() if kept else []
    pairs = len(kept_rows) * len(kept)
    return Paired(dict(zip([seeds[place] for place in kept], means, strict=True)), pairs, table.size - pairs)


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


def by_seed(setting: Setting) -> BySeed:
    """A setting's runs by their seeds."""
    return {run.seed: run for run in setting.runs}


def _difference(context: tuple[BySeed, BySeed], seed: int, measure: Measure, read: Histories) -> float:
    first, second = context
    if seed not in first or seed not in second:
        return math.nan
    return difference(first[seed], second[seed], measure, read)
