"""Runs grouped over their seeds, and ranked."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from runner.comparison.measure import Measure
from runner.comparison.model import Run, Setting
from runner.comparison.statistics import mean_interval
from runner.comparison.variation import pick
from runner.comparison.wording import option_text


def ranked_settings(runs: Sequence[Run], varied: Sequence[str], measure: Measure) -> tuple[Setting, ...]:
    """One setting for each combination of the varied options, the best first.

    A setting is ranked by the mean over its runs, in which a run that diverged or failed counts as `penalty`.
    Where that is equal, the setting with fewer such runs is first; a setting without a value yet is last.
    """
    groups: dict[tuple[object, ...], list[Run]] = {}
    for run in runs:
        groups.setdefault(pick(run.config, varied), []).append(run)
    lost = penalty([measure.of(run) for run in runs], measure)
    settings = [_setting(group, varied, measure, lost) for group in groups.values()]
    settings.sort(key=lambda setting: _order(setting, measure))
    return tuple(replace(setting, rank=rank) for rank, setting in enumerate(settings, start=1))


def penalty(values: Sequence[float], measure: Measure) -> float:
    """What a run without a result counts as: as far below the worst value as the best is above it.

    nan where no value is finite.
    """
    merits = [measure.merit(value) for value in values if math.isfinite(value)]
    return measure.merit(2 * min(merits) - max(merits)) if merits else math.nan


def one_run_a_seed(runs: Sequence[Run]) -> list[Run]:
    """The runs without repeats: of equal configs and seeds the one that got furthest, then the latest."""
    kept: dict[tuple[object, ...], Run] = {}
    keys = list(dict.fromkeys(key for run in runs for key in run.config))
    for run in sorted(runs, key=lambda run: (_ended(run), run.started)):
        kept[*pick(run.config, keys), run.seed] = run
    chosen = {id(run) for run in kept.values()}
    return [run for run in runs if id(run) in chosen]


def _ended(run: Run) -> int:
    # A run that was started again after it went wrong says more than the one that went wrong.
    return 0 if run.status == "failed" else 1 if run.is_unfinished else 2


def _setting(group: Sequence[Run], varied: Sequence[str], measure: Measure, lost: float) -> Setting:
    runs = tuple(sorted(group, key=lambda run: run.seed))
    options = {key: runs[0].config[key] for key in varied if key in runs[0].config}
    values = tuple(measure.of(run) for run in runs)
    finite = np.array([value for value in values if math.isfinite(value)])
    return Setting(
        rank=0,
        label=" ".join(f"{key}={option_text(value)}" for key, value in options.items()) or "default",
        options=options,
        runs=runs,
        values=values,
        score=_score(runs, values, lost),
        mean=float(finite.mean()) if len(finite) else math.nan,
        interval=mean_interval(finite),
        worst=measure.merit(float(min(map(measure.merit, finite)))) if len(finite) else math.nan,
        seconds=_seconds(runs),
        statuses=dict(Counter(run.status for run in runs).most_common()),
    )


def _seconds(runs: Sequence[Run]) -> float:
    # A summary says nothing of the time before the run has ended.
    good = [run for run in runs if not run.went_wrong] or runs
    totals = [run.seconds["total"] for run in good if run.seconds.get("total")]
    return float(np.mean(totals)) if totals else math.nan


def _score(runs: Sequence[Run], values: Sequence[float], lost: float) -> float:
    counted = [
        lost if run.status in ("diverged", "failed") else value
        for run, value in zip(runs, values, strict=True)
        if run.went_wrong or math.isfinite(value)
    ]
    return float(np.nanmean(counted)) if np.isfinite(counted).any() else math.nan


def _order(setting: Setting, measure: Measure) -> tuple[bool, bool, float, int, str]:
    nothing, score = math.isnan(setting.score), measure.merit(setting.score)
    missing = len(setting.runs) - len(setting.finite)
    return nothing, not setting.finite, 0.0 if nothing else -score, missing, setting.label
