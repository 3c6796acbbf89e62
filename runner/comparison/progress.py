"""A run that still trains, or was killed: its summary is older than its records."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from runner.comparison.history import finite, read_entries
from runner.comparison.measure import is_maximised
from runner.comparison.model import Run


def caught_up(run: Run) -> Run:
    """The run with the steps, last metrics and best so far that its records tell, if it is unfinished."""
    entries = read_entries(run.records) if run.is_unfinished else []
    if not entries or entries[-1]["step"] < run.steps:
        return run
    last = {tag: finite(value) for entry in entries for tag, value in entry.items()}
    step, epoch = last.pop("step"), last.pop("epoch", None)
    best = _best(entries, run)
    value = None if run.best_metric is None else finite(best.get(run.best_metric))
    return replace(
        run,
        steps=int(step or 0),
        epochs=epoch or 0.0,
        metrics={**run.metrics, **last},
        best_value=value,
        best_step=best.get("step"),
    )


def _best(entries: Sequence[Mapping[str, Any]], run: Run) -> Mapping[str, Any]:
    tag = run.best_metric
    if tag is None:
        return {}
    sign = 1 if is_maximised(tag, run.mode) else -1
    measured = [entry for entry in entries if finite(entry.get(tag)) is not None]
    return max(measured, key=lambda entry: sign * entry[tag], default={})
