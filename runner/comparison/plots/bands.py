"""Learning curves over seeds: a mean and a band around it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from runner.comparison.history import History, read_history
from runner.comparison.model import Comparison, Setting
from runner.comparison.statistics import t_interval

POINTS = 150
"""Of a curve; a plot is no wider than a few hundred pixels a curve."""
INTERVAL_FROM = 5
"""Seeds. With three, Student's interval is wider than the curves are tall."""
LOSSES = ("train/loss", "val/loss")


@dataclass(frozen=True)
class Band:
    """Arrays of one length, [points]; `low` and `high` equal `mean` where there is one seed."""

    epochs: np.ndarray
    mean: np.ndarray
    low: np.ndarray
    high: np.ndarray


def curve_tags(comparison: Comparison) -> tuple[str, ...]:
    """What is worth a curve: what was chosen by, and the losses that tell over- from underfitting."""
    return tuple(dict.fromkeys((comparison.metric, *LOSSES)))


def is_interval(settings: Sequence[Setting]) -> bool:
    """Whether the bands are 95 % intervals, rather than from the lowest to the highest seed."""
    return min((len(setting.finite) for setting in settings), default=0) >= INTERVAL_FROM


def explanation(settings: Sequence[Setting]) -> str:
    """What the bands are, in words."""
    seeds = max((len(setting.runs) for setting in settings), default=0)
    if seeds < 2:
        return "One seed each, so there is no band."
    band = "the 95 % interval of the mean" if is_interval(settings) else "from the lowest to the highest seed"
    return f"Line: mean over seeds, as long as half of them train. Band: {band}."


def band(setting: Setting, tag: str, as_interval: bool) -> Band | None:
    """The curve of one tag; None where no run recorded it."""
    histories = [read_history(run.records, tag) for run in setting.runs]
    histories = [history for history in histories if len(history.steps)]
    return _band(histories, as_interval) if histories else None


def _band(histories: list[History], as_interval: bool) -> Band:
    steps = np.unique(np.concatenate([history.steps for history in histories]))
    values = np.stack([_at(history, history.values, steps) for history in histories])
    epochs = np.stack([_at(history, history.epochs, steps) for history in histories])
    kept = _thin(np.flatnonzero(2 * np.isfinite(values).sum(axis=0) >= len(histories)))
    values, epochs = values[:, kept], epochs[:, kept]
    low, high = _interval(values) if as_interval else (np.nanmin(values, axis=0), np.nanmax(values, axis=0))
    return Band(np.nanmean(epochs, axis=0), np.nanmean(values, axis=0), low, high)


def _at(history: History, values: np.ndarray, steps: np.ndarray) -> np.ndarray:
    # Seeds are evaluated at the same steps; one that stopped early has no more.
    spread = np.full(len(steps), np.nan)
    spread[np.searchsorted(steps, history.steps)] = values
    return spread


def _thin(indices: np.ndarray) -> np.ndarray:
    if len(indices) <= POINTS:
        return indices
    return indices[np.unique(np.linspace(0, len(indices) - 1, POINTS).round().astype(int))]


def _interval(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    columns = [column[np.isfinite(column)] for column in values.T]
    ends = [t_interval(column) if len(column) > 1 else None for column in columns]
    low = [column[0] if end is None else end.low for column, end in zip(columns, ends, strict=True)]
    high = [column[0] if end is None else end.high for column, end in zip(columns, ends, strict=True)]
    return np.array(low), np.array(high)
