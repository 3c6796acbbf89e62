"""Who is first to a target."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from runner.comparison.budget import Histories
from runner.comparison.measure import Measure
from runner.comparison.model import Arrival, Race, Run, Setting


class Reached(NamedTuple):
    """Where a run first met the target."""

    step: float
    epoch: float
    seconds: float


def race(settings: Sequence[Setting], target: float, measure: Measure, read: Histories) -> Race:
    """When each setting reached the target, by the evaluations in the runs' records; the first is first.

    Settings are ordered by their median over all seeds, in which a seed that never arrives takes for ever.
    """
    arrivals = [_arrival(setting, target, measure, read) for setting in settings]
    arrivals.sort(key=_order)
    return Race(target, measure.tag, tuple(arrivals))


def _arrival(setting: Setting, target: float, measure: Measure, read: Histories) -> Arrival:
    found = [reached for run in setting.runs if (reached := _reached(run, target, measure, read)) is not None]
    medians = [float(np.median(column)) for column in zip(*found, strict=True)]
    return Arrival(setting, len(found), *(medians or (None, None, None)))


def _reached(run: Run, target: float, measure: Measure, read: Histories) -> Reached | None:
    history = read(run.records)
    merits = [measure.merit(value) for value in history.values]
    at = next((place for place, merit in enumerate(merits) if merit >= measure.merit(target)), None)
    if at is None:
        return None
    step = int(history.steps[at])
    return Reached(step, float(history.epochs[at]), _pace(run) * step)


def _pace(run: Run) -> float:
    """Seconds a step, compilation left out: a record has no clock of its own."""
    return (run.seconds.get("train", 0.0) + run.seconds.get("evaluate", 0.0)) / max(run.steps, 1)


def _order(arrival: Arrival) -> tuple[float, int, float, int]:
    all_seeds = len(arrival.setting.runs)
    usual = arrival.seconds if arrival.seconds is not None and 2 * arrival.reached > all_seeds else math.inf
    own = math.inf if arrival.seconds is None else arrival.seconds
    return usual, -arrival.reached, own, arrival.setting.rank
