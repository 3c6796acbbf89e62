"""Two options at once: the metric at every pair of their values."""

import itertools
from dataclasses import dataclass

import numpy as np

from runner.comparison.model import Comparison, Setting
from runner.comparison.plots.scales import Scale, scale

BLUES = ("#f0f5fb", "#d6e4f3", "#a5cae6", "#629fd2", "#2d6fb2", "#0c3a76")
DARK_FROM = 0.65
"""From this share of the colours on, white is the more readable."""
MOST_TEXTS = 14
"""Columns whose cells have room for a number."""
MOST_PAIRS = 6
MOST_VALUES = 40


@dataclass(frozen=True)
class Interaction:
    """Rows are values of `row`, columns of `column`; nan where no run has both."""

    row: str
    column: str
    rows: Scale
    columns: Scale
    means: np.ndarray
    """The metric, averaged over seeds and over the other options: [rows, columns]."""
    counts: np.ndarray
    """How many values each is the mean of: [rows, columns]."""

    @property
    def shares(self) -> np.ndarray:
        """The means from 0, the lowest, to 1: [rows, columns]."""
        low, high = np.nanmin(self.means), np.nanmax(self.means)
        return (self.means - low) / ((high - low) or 1)


def interactions(comparison: Comparison) -> list[Interaction]:
    """The pairs of options that were crossed, the first six; of `--by`, those with it."""
    pairs = [pair for pair in _pairs(comparison) if _fits(comparison, pair)]
    tables = (_interaction(comparison, *pair) for pair in pairs)
    crossed = (table for table in tables if _is_crossed(table))
    return list(itertools.islice(crossed, MOST_PAIRS))


def _pairs(comparison: Comparison) -> list[tuple[str, str]]:
    pairs = list(itertools.combinations(comparison.varied, 2))
    return [pair for pair in pairs if comparison.by in pair] if comparison.by else pairs


def _fits(comparison: Comparison, pair: tuple[str, str]) -> bool:
    return all(1 < len(comparison.domains[key]) <= MOST_VALUES for key in pair)


def _is_crossed(table: Interaction) -> bool:
    # Options that go hand in hand make a diagonal, which says nothing of how they interact.
    filled = np.isfinite(table.means)
    return bool((filled.sum(axis=0) > 1).any() and (filled.sum(axis=1) > 1).any())


def _interaction(comparison: Comparison, first: str, second: str) -> Interaction:
    # The longer domain runs along the page.
    row, column = sorted((first, second), key=lambda key: len(comparison.domains[key]))
    rows, columns = scale(comparison.domains[row]), scale(comparison.domains[column])
    values = _cells(comparison.settings, row, column)
    shape = len(rows.values), len(columns.values)
    means, counts = np.full(shape, np.nan), np.zeros(shape, int)
    for (i, at_row), (j, at_column) in itertools.product(enumerate(rows.values), enumerate(columns.values)):
        cell = values.get((at_row, at_column), [])
        counts[i, j] = len(cell)
        means[i, j] = np.mean(cell) if cell else np.nan
    return Interaction(row, column, rows, columns, means, counts)


def _cells(settings: tuple[Setting, ...], row: str, column: str) -> dict[tuple, list[float]]:
    cells: dict[tuple, list[float]] = {}
    for setting in settings:
        if row in setting.options and column in setting.options:
            cells.setdefault((setting.options[row], setting.options[column]), []).extend(setting.finite)
    return cells
