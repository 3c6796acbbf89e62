"""What a sweep's folder says of all its runs, read from their files: `sweep.csv` and `sweep.json`."""

import csv
import io
import json
import math
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console

from runner.comparison import compare
from runner.comparison.terminal import show_in_brief
from runner.records.console import new_console
from runner.sweeps.numbering import drop_empty, summaries

FORMAT = 1
INTERRUPTED = 130
TOLD = 5
"""How many failures are told in words."""
PARTS = ("total", "compile", "train", "evaluate")

Summaries = Mapping[int, Mapping[str, Any]]


def conclude(sweep: Path) -> int:
    """Writes the tables of a sweep and says how it ended; the exit code.

    0 where no run failed, 1 where one did, 130 where runs are still to be trained.
    """
    drop_empty(sweep)
    runs = summaries(sweep)
    if not runs:
        return 0
    code = exit_code(runs)
    write_tables(sweep, runs, {0: "completed", 1: "failed", INTERRUPTED: "interrupted"}[code])
    _say(new_console(), sweep, runs, code)
    return code


def exit_code(runs: Summaries) -> int:
    """What a sweep with these runs exits with."""
    statuses = {run["status"] for run in runs.values()}
    if statuses & {"running", "interrupted"}:
        return INTERRUPTED
    return 1 if "failed" in statuses else 0


def write_tables(sweep: Path, runs: Summaries, status: str) -> None:
    """Replaces `sweep.csv` and `sweep.json`."""
    _replace(sweep / "sweep.csv", table(runs))
    _replace(sweep / "sweep.json", json.dumps(overview(runs, status), indent=2) + "\n")


def table(runs: Summaries) -> str:
    """The runs as CSV: a row a run, a column an override, a metric, a time."""
    overrides = {number: dict(_pairs(run["overrides"])) for number, run in runs.items()}
    keys = _union(overrides.values())
    metrics = _union(run["metrics"] for run in runs.values())
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(
        ["run", *keys, "status", "best", "best_step", *metrics, *(f"seconds_{part}" for part in PARTS)]
    )
    for number, run in runs.items():
        best, seconds = run["best"], run["seconds"]
        writer.writerow(
            [
                number,
                *(overrides[number].get(key, "") for key in keys),
                run["status"],
                _cell(best["value"]),
                _cell(best["step"]),
                *(_cell(run["metrics"].get(tag)) for tag in metrics),
                *(f"{seconds.get(part, 0.0):.4f}" for part in PARTS),
            ]
        )
    return text.getvalue()


def overview(runs: Summaries, status: str) -> dict[str, Any]:
    """What `sweep.json` says."""
    best = best_run(runs)
    failed = {number: run["error"] for number, run in runs.items() if run["status"] == "failed"}
    return {
        "format": FORMAT,
        "status": status,
        "runs": len(runs),
        "statuses": dict(Counter(run["status"] for run in runs.values())),
        "best": None if best is None else {"run": best, **runs[best]["best"]},
        "seconds": sum(run["seconds"].get("total", 0.0) for run in runs.values()),
        "failures": failed,
        "commands": _union([[run["command"]] for run in runs.values() if "command" in run]),
        "written": time.strftime("%Y-%m-%dT%H:%M:%S"),
    }


def best_run(runs: Summaries) -> int | None:
    """The number of the run with the best value of the objective.

    None where no run has a value, or their objectives are not one: no task is better than another.
    """
    found = {number: run["best"] for number, run in runs.items() if run["best"]["value"] is not None}
    if len({best["metric"] for best in found.values()}) != 1:
        return None
    values = {number: best["value"] for number, best in found.items()}
    maximise = next(iter(found.values())).get("mode", "max") == "max"
    return (max if maximise else min)(values, key=lambda number: values[number])


def _say(console: Console, sweep: Path, runs: Summaries, code: int) -> None:
    counts = Counter(run["status"] for run in runs.values()).most_common()
    console.print(", ".join(f"{count} {status}" for status, count in counts))
    failed = [(number, run["error"]) for number, run in runs.items() if run["status"] == "failed"]
    for number, error in failed[:TOLD]:
        console.print(f"run {number} failed: {error}")
    if len(failed) > TOLD:
        console.print(f"and {len(failed) - TOLD} more failed; the reasons are in sweep.json")
    if code == INTERRUPTED:
        console.print(f"go on with: runner resume {sweep}")
    elif best_run(runs) is not None and len(runs) > 1:
        show_in_brief(compare([sweep]), console)
    console.print(f"effects and report: runner compare {sweep}", soft_wrap=True)


def _pairs(overrides: Sequence[str]) -> list[tuple[str, str]]:
    split = (text.partition("=") for text in overrides)
    return [(key.lstrip("+"), value) for key, _, value in split]


def _union(rows: Any) -> list[str]:
    return list(dict.fromkeys(key for row in rows for key in row))


def _cell(value: Any) -> str:
    return "" if value is None or (isinstance(value, float) and not math.isfinite(value)) else str(value)


def _replace(path: Path, text: str) -> None:
    partial = path.with_name(f"{path.name}.partial")
    partial.write_text(text, encoding="utf-8")
    partial.replace(path)
