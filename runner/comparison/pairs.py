"""Runs that differ in one option alone, side by side."""

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from runner.comparison.model import Setting


class Paired(NamedTuple):
    """Differences of pairs of runs, averaged to one a seed."""

    differences: dict[int, float]
    """By seed, each over the same contexts."""
    pairs: int
    lost: int


def paired(contexts: Sequence[tuple[Setting, Setting]]) -> Paired:
    """What the first setting of each context has more than the second, by seed.

    Only the seeds and contexts are used of which no pair is missing: otherwise a seed's average would be over
    other options than its neighbour's, and their difference would pass for chance.
    """
    seeds = sorted({run.seed for context in contexts for run in context[0].runs} & _seeds(contexts))
    table = np.array([[_difference(context, seed) for seed in seeds] for context in contexts], float)
    table = table.reshape(len(contexts), len(seeds))
    rows, columns = _complete(np.isfinite(table))
    kept = table[np.ix_(rows, columns)]
    means = kept.mean(axis=0) if kept.size else []
    differences = {seeds[column]: float(mean) for column, mean in zip(columns, means, strict=False)}
    return Paired(differences, kept.size, table.size - kept.size)


def _seeds(contexts: Iterable[tuple[Setting, Setting]]) -> set[int]:
    return {run.seed for context in contexts for run in context[1].runs}


def _difference(context: tuple[Setting, Setting], seed: int) -> float:
    first, second = (_value(setting, seed) for setting in context)
    return first - second


def _value(setting: Setting, seed: int) -> float:
    return next(
        (value for run, value in zip(setting.runs, setting.values, strict=True) if run.seed == seed), math.nan
    )


def _complete(present: np.ndarray) -> tuple[list[int], list[int]]:
    """The rows and columns of a table [n, m] of bools that stay when those with most gaps are left out.

    Largest share of gaps first, one at a time, until no gap is left; rows before columns.
    """
    rows, columns = list(range(present.shape[0])), list(range(present.shape[1]))
    while rows and columns:
        gaps = ~present[np.ix_(rows, columns)]
        if not gaps.any():
            return rows, columns
        by_row, by_column = gaps.mean(axis=1), gaps.mean(axis=0)
        if by_row.max() >= by_column.max():
            del rows[int(by_row.argmax())]
        else:
            del columns[int(by_column.argmax())]
    return [], []
