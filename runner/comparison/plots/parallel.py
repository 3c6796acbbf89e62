"""Parallel coordinates: a setting as one line across an axis an option, the metric last."""

import math
from dataclasses import dataclass

from runner.comparison.model import Comparison, Setting
from runner.comparison.plots.scales import Scale, scale
from runner.comparison.wording import number, short_keys

MOST_LINES = 200
MOST_AXES = 8
MOST_TICKS = 9


@dataclass(frozen=True)
class Tick:
    """A label beside an axis, at a height from 0 to 1."""

    height: float
    text: str


@dataclass(frozen=True)
class Axis:
    """One option, or the metric."""

    name: str
    ticks: tuple[Tick, ...]


@dataclass(frozen=True)
class Line:
    """One setting; a height from 0 to 1 an axis, nan where it lacks the option."""

    setting: Setting
    heights: tuple[float, ...]


@dataclass(frozen=True)
class Parallel:
    """Axes from left to right, and the best settings' lines."""

    axes: tuple[Axis, ...]
    lines: tuple[Line, ...]


def parallel(comparison: Comparison) -> Parallel | None:
    """None where fewer than two options vary, or nothing has a value."""
    keys = comparison.varied[:MOST_AXES]
    settings = [setting for setting in comparison.settings if setting.finite][:MOST_LINES]
    if len(keys) < 2 or len(settings) < 2:
        return None
    scales = {key: scale(comparison.domains[key]) for key in keys}
    low, high = min(setting.mean for setting in settings), max(setting.mean for setting in settings)
    names = short_keys(comparison.varied)
    axes = [Axis(names[key], _ticks(scales[key])) for key in keys]
    metric = Axis(comparison.metric, (Tick(0, number(low)), Tick(1, number(high))))
    lines = [
        Line(setting, (*_heights(setting, scales), _share(setting.mean, low, high))) for setting in settings
    ]
    return Parallel((*axes, metric), tuple(lines))


def _heights(setting: Setting, scales: dict[str, Scale]) -> list[float]:
    return [
        scale.position(setting.options[key]) if key in setting.options else math.nan
        for key, scale in scales.items()
    ]


def _ticks(axis: Scale) -> tuple[Tick, ...]:
    every = math.ceil(len(axis.values) / MOST_TICKS)
    return tuple(
        Tick(axis.position(value), text)
        for value, text in list(zip(axis.values, axis.texts, strict=True))[::every]
    )


def _share(value: float, low: float, high: float) -> float:
    return (value - low) / (high - low) if high > low else 0.5
