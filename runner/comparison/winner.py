"""The best setting, and the commands that train it again."""

import shlex
from collections.abc import Iterable, Sequence

import numpy as np

from runner.comparison.measure import Measure
from runner.comparison.model import Mean, Run, Setting, Winner
from runner.comparison.statistics import mean_interval

FRESH_SEEDS = 5
"""At least so many: with fewer an interval is wider than most effects."""
NOT_REPEATED = ("output_dir", "hydra.", "sweep")
"""Overrides that say where a run's files went and how its sweep was run."""


def winner(settings: Sequence[Setting], seeds: Sequence[int], measure: Measure) -> Winner | None:
    """The first setting, reported on test; None while it has no value. `seeds`: all that were looked at."""
    if not settings or not settings[0].finite:
        return None
    best = settings[0]
    merits = {
        run.seed: measure.merit(value)
        for run, value in zip(best.runs, best.values, strict=True)
        if value == value
    }
    run = max((run for run in best.runs if run.seed in merits), key=lambda run: merits[run.seed])
    return Winner(best, run, _test(best.runs), reproduce_command(run), confirm_command(run, best, seeds))


def reproduce_command(run: Run) -> str:
    """The command that trains a run, or makes an ensemble, again."""
    if run.made_by is not None:
        return run.made_by
    return shlex.join(["runner", "train", *run.flags, *_repeated(run), f"seed={run.seed}"])


def confirm_command(run: Run, setting: Setting, seeds: Sequence[int]) -> str | None:
    """The command that trains a setting on as many seeds as it had, 5 at least, that nobody has looked at.

    None where the run is an ensemble, which has no seed.
    """
    if run.made_by is not None:
        return None
    first = max(seeds, default=-1) + 1
    fresh = f"seed=range({first},{first + max(len(setting.runs), FRESH_SEEDS)})"
    return shlex.join(["runner", "train", "-m", *run.flags, *_repeated(run), fresh])


def _repeated(run: Run) -> Iterable[str]:
    return (
        text for text in run.overrides if not _key(text).startswith(NOT_REPEATED) and _key(text) != "seed"
    )


def _key(override: str) -> str:
    return override.lstrip("+~").partition("=")[0]


def _test(runs: Sequence[Run]) -> dict[str, Mean]:
    tags = dict.fromkeys(tag for run in runs for tag in run.metrics if tag.startswith("test/"))
    return {tag: mean for tag in tags if (mean := _mean(tag, runs)) is not None}


def _mean(tag: str, runs: Sequence[Run]) -> Mean | None:
    found = [value for run in runs if (value := run.metrics.get(tag)) is not None]
    return Mean(float(np.mean(found)), mean_interval(np.array(found)), len(found)) if found else None
