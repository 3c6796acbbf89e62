"""Two runs at the step that both got to."""

import functools
from collections.abc import Callable
from pathlib import Path

import numpy as np

from runner.comparison.history import History, read_history
from runner.comparison.measure import Measure
from runner.comparison.model import Run

Histories = Callable[[Path], History]
"""What a run's records say of the measure's tag."""
CUT_SHORT = frozenset({"pruned", "running", "interrupted"})


def histories(tag: str) -> Histories:
    """Reads a tag of runs' records, each file once."""
    return functools.cache(functools.partial(read_history, tag=tag))


def difference(first: Run, second: Run, measure: Measure, read: Histories) -> float:
    """What the first run's value has more than the second's; nan where one has none.

    Where one was cut short (pruned, or not finished yet), both are taken at the step that the shorter one got
    to: a run that trained longer is not better for it.
    """
    if not {first.status, second.status} & CUT_SHORT:
        return measure.of(first) - measure.of(second)
    steps = min(first.steps, second.steps)
    return _value_at(first, steps, measure, read) - _value_at(second, steps, measure, read)


def _value_at(run: Run, steps: int, measure: Measure, read: Histories) -> float:
    if run.steps <= steps or np.isnan(measure.of(run)):
        return measure.of(run)
    history = read(run.records)
    values = history.values[history.steps <= steps]
    if not len(values):
        return float("nan")
    return measure.merit(float(max(map(measure.merit, values)))) if measure.at_best else float(values[-1])
