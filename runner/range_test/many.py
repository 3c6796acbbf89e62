"""Range tests of the jobs of a sweep, one after another, each in a folder that its number names."""

import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from omegaconf import DictConfig
from rich.table import Table

from runner.composition import Job, Outcome, SweepJob
from runner.errors import ConfigError, RunError
from runner.folder import RANGE_TEST, write_summary
from runner.range_test.launch import EXIT_CODES, start
from runner.range_test.wording import shown
from runner.records.console import new_console
from runner.sweeps.numbering import claim, run_folders
from runner.sweeps.planning import config_of


def run_tests(jobs: Sequence[SweepJob], folder: Path) -> list[Outcome]:
    """Tests the jobs in a sweep's folder until one is interrupted; the outcome of every job."""
    outcomes: list[Outcome] = []
    for job in jobs:
        if outcomes and not outcomes[-1].ended:
            outcomes.append(outcomes[-1])
            continue
        place = claim(folder)
        new_console().print(f"{place.name}: {' '.join(job.job.overrides)}", markup=False)
        outcomes.append(run_one(config_of(job), job.job, place))
    return outcomes


def run_in_place(config: DictConfig, job: Job, place: Path) -> float:
    """Tests a job that another launcher than ours runs; the value of its objective at the suggested rate.

    Raises RunError where it cannot be tested, KeyboardInterrupt where it was interrupted.
    """
    outcome = run_one(config, job, claim(place.parent, int(place.name)))
    if not outcome.ended:
        raise KeyboardInterrupt  # or the launcher would begin the next job
    if outcome.error is not None:
        raise RunError(f"{outcome.folder}: {outcome.error}")
    return outcome.value


def run_one(config: DictConfig, job: Job, place: Path) -> Outcome:
    """Tests a job in a folder that was made for it, which says so where it cannot be tested."""
    try:
        summary = start(config, job, place)
    except (ConfigError, RunError) as error:
        summary = {"status": "failed", "error": str(error), "overrides": job.overrides}
        write_summary(place, summary, RANGE_TEST)
    return _outcome(place, summary)


def conclude(folder: Path) -> int:
    """Says what the range tests of a sweep suggest; the exit code."""
    found = {number: _read(place) for number, place in run_folders(folder).items()}
    shared = set[str]().union(*(summary["overrides"] for summary in found.values()))
    shared = shared.intersection(*(summary["overrides"] for summary in found.values()))
    table = Table("run", "config", "learning rate", "")
    for number, summary in found.items():
        own = " ".join(text for text in summary["overrides"] if text not in shared)
        rate, said = summary.get("suggestion"), summary["status"]
        if not summary.get("agree", True):
            said = "ramp and trainings disagree"
        table.add_row(str(number), own, "" if rate is None else shown(rate), said)
    console = new_console()
    console.print(table)
    for number, summary in found.items():
        if summary["error"]:
            console.print(f"run {number}: {summary['error']}", markup=False)
    console.print(str(folder), markup=False)
    return max((EXIT_CODES.get(summary["status"], 1) for summary in found.values()), default=0)


def _outcome(place: Path, summary: dict[str, Any]) -> Outcome:
    chosen = (summary.get("trainings") or {}).get("choice")
    value = math.nan if chosen is None else chosen["value"]
    error = summary["error"] if summary["status"] == "failed" else None
    return Outcome(place, value, error, summary["status"] != "interrupted")


def _read(place: Path) -> dict[str, Any]:
    try:
        return json.loads((place / RANGE_TEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {"status": "failed", "error": "killed before it began", "overrides": []}
