"""The number that settings are ranked by."""

import math
from collections.abc import Sequence
from typing import NamedTuple

from runner.comparison.model import Run
from runner.errors import ConfigError
from runner.suggestions import did_you_mean

MAXIMISED = frozenset({"accuracy", "r2"})
"""Metrics of which more is better, as training means them; of every other, less is."""
FALLBACK = "val/loss"
"""What is said to be compared where no run got as far as to have an objective."""


class Measure(NamedTuple):
    """A tag, and how a run's value of it is taken."""

    tag: str
    at_best: bool
    """Whether it is the runs' objective, and taken at the best step."""
    maximise: bool

    def of(self, run: Run) -> float:
        """The run's value; nan where it diverged, failed or has none yet."""
        if run.status in ("diverged", "failed"):
            return math.nan
        value = run.best_value if self.at_best else run.metrics.get(self.tag)
        return math.nan if value is None else value

    def merit(self, value: float) -> float:
        """`value`, or its negative where less is better: more is better of every merit."""
        return value if self.maximise else -value


def measure(runs: Sequence[Run], tag: str | None) -> Measure:
    """The measure that `--metric` names, or the runs' objective where `tag` is None.

    Raises ConfigError if no run has the tag, or the runs have several objectives.
    """
    objectives = list(dict.fromkeys(run.best_metric for run in runs if run.best_metric is not None))
    if tag is None:
        return _objective(objectives, runs)
    known = dict.fromkeys([*objectives, *(name for run in runs for name in run.metrics)])
    if tag not in known:
        raise ConfigError(f"--metric {tag}: no run has it; {did_you_mean(tag, known)}")
    return Measure(tag, objectives == [tag], is_maximised(tag, _mode(tag, runs)))


def _objective(objectives: Sequence[str], runs: Sequence[Run]) -> Measure:
    if len(objectives) > 1:
        raise ConfigError(f"the runs have several objectives ({', '.join(objectives)}): choose with --metric")
    tag = objectives[0] if objectives else FALLBACK
    return Measure(tag, True, is_maximised(tag, _mode(tag, runs)))


def is_maximised(tag: str, mode: str | None) -> bool:
    """Whether more is better of a tag, where a config's `objective.mode` may say so."""
    return tag.rpartition("/")[2] in MAXIMISED if mode is None else mode == "max"


def _mode(tag: str, runs: Sequence[Run]) -> str | None:
    """What the configs of which the tag is the objective, of whatever split, say of it."""
    name = tag.rpartition("/")[2]
    objectives = (run for run in runs if run.best_metric and run.best_metric.rpartition("/")[2] == name)
    return next((run.mode for run in objectives if run.mode is not None), None)
