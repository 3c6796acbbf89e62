"""One run in its folder: its records and its summary."""

import math
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from runner import folder as folders
from runner.diagnostics import telling
from runner.diagnostics.findings import Finding
from runner.records import rewind
from runner.records.console import RunLog, result_lines, result_table
from runner.records.entry import Entry
from runner.records.jsonlines import JsonLines, Measured, as_record, last_metrics, last_step, read_records
from runner.records.tensorboard import TensorBoard
from runner.training.plan import Plan

ENDED = ("completed", "stopped_early", "diverged", "pruned")
"""What a run that will train no further is."""


class Logbook:
    """A run's folder while it trains. A sink; what else is said of the run it is told."""

    def __init__(self, folder: Path, summary: dict[str, Any], plan: Plan) -> None:
        self.folder = folder
        self.summary = summary
        self.plan = plan
        self.tensorboard = TensorBoard(folder, time.time)
        self.log = RunLog(folder, plan.total)
        self.evaluated_at: int | None = None
        self.ended_at: int | None = None
        self.last_burst: float | None = None
        self.findings: Sequence[Finding] = ()
        self.start: Measured | None = None
        """What diagnostics saw before the first step."""
        self._sinks = (JsonLines(folder), self.tensorboard, self.log)

    @property
    def status(self) -> str:
        """How far it is: `running` until `end`."""
        return self.summary["status"]

    @property
    def ended(self) -> bool:
        """Whether it will train no further."""
        return self.status in ENDED

    def write(self, entry: Entry) -> None:
        """Records what was measured at a step."""
        for sink in self._sinks:
            sink.write(entry)

    def flush(self) -> None:
        """Hands all records to the operating system."""
        for sink in self._sinks:
            sink.flush()

    def close(self) -> None:
        """Flushes and lets go of files."""
        for sink in self._sinks:
            sink.close()

    @property
    def records(self) -> list[Measured]:
        """What was seen before the first step, and every evaluation; those that are flushed."""
        return [*([] if self.start is None else [self.start]), *read_records(self.folder)]

    def begin(self, scalars: dict[str, float]) -> Entry:
        """Takes what is seen before the first step; the entry that records it."""
        entry = self.learn(0, scalars, False)
        self.start = as_record(entry)
        return entry

    def learn(self, step: int, scalars: dict[str, float], evaluated: bool) -> Entry:
        """Takes scalars into the summary; the entry that records them."""
        self.summary["metrics"] |= scalars
        if evaluated:
            self.evaluated_at = step
        return Entry(step, self.plan.epoch(step), scalars, evaluated)

    def took(self, part: str, seconds: float) -> None:
        """Adds to the time that the run has taken."""
        self.summary["seconds"][part] += seconds

    def position(self) -> dict[str, Any]:
        """What a checkpoint says of the run beside its arrays; its records must be flushed."""
        return {
            "run": self.folder.name,
            "positions": rewind.positions(self.folder),
            "seconds": dict(self.summary["seconds"]),
            "start": self.start,
        }

    def end(self, status: str, error: str | None = None, step: int | None = None) -> None:
        """Gives the run its status, at a step if the program goes on without it."""
        self.summary |= {"status": status, "error": error}
        self.ended_at = step

    def reached(self, step: int) -> int:
        """How far the run is where its program is at `step`."""
        return step if self.ended_at is None else self.ended_at

    def judge(self, findings: Sequence[Finding]) -> list[Finding]:
        """Takes in what is wrong with the run so far; of that, what was not known before."""
        known = {finding.name for finding in self.findings}
        self.findings = findings
        self.summary["findings"] = [finding.as_dict() for finding in findings]
        return [finding for finding in findings if finding.name not in known]

    def warn(self, findings: Sequence[Finding], step: int) -> None:
        """Says on the way what is wrong with the run."""
        for finding in findings:
            self.log.say(f"step {step}: {telling.sentence(finding)}")
        self.tensorboard.text("findings", telling.markdown(findings), step)

    def save(self, step: int) -> None:
        """Replaces `summary.json`, where its program is at `step`."""
        step = self.reached(step)
        self.summary |= {"steps": step, "epochs": round(self.plan.epoch(step), 6)}
        folders.write_summary(self.folder, self.summary)

    def conclude(self, step: int) -> None:
        """Says in every record how the run ended, and closes them."""
        self.tensorboard.end(self.status != "diverged")
        self.tensorboard.text("findings", telling.markdown(self.findings), self.reached(step))
        rows = self._rows()
        table = [line for own in (rows, self._generated()) if own for line in result_lines(own)]
        found = map(telling.sentence, self.findings)
        for line in [*self._error(), *table, *found, self._took(self.reached(step))]:
            self.log.say(line)
        self.close()
        self.save(step)

    def result(self, step: int) -> list[object]:
        """What to say at the end, after `step` steps."""
        rows = self._rows()
        tables = [result_table(own) for own in (rows, self._generated()) if own]
        return [*self._error(), *tables, *map(telling.coloured, self.findings), self._took(step)]

    def _error(self) -> list[str]:
        return [f"{self.status}: {self.summary['error']}"] if self.summary["error"] else []

    def _rows(self) -> dict[str, dict[str, float]]:
        metrics, best = self.summary["metrics"], self.summary["best"]
        rows = {
            "train": _of(metrics, "train"),
            "val": _of(metrics, "val"),
            f"val, best (step {best['step']})": {best["metric"].removeprefix("val/"): best["value"]},
            "test, with the best weights": _of(metrics, "test"),
        }
        return {split: row for split, row in rows.items() if any(value is not None for value in row.values())}

    def _generated(self) -> dict[str, dict[str, float]]:
        """Measures of generated data and of real data; nothing where none was generated."""
        found = _of(self.summary["metrics"], "generated")
        if not found:
            return {}
        asked = {"accuracy": "classifier's accuracy on test", "nearest": "distance to nearest trained on"}
        return {
            row: {told: found[f"{prefix}{name}"] for name, told in asked.items()}
            for row, prefix in (("generated", ""), ("real", "real_"))
        }

    def _took(self, step: int) -> str:
        return f"{self.status} after {step} steps in {self.summary['seconds']['total']:.1f} s: {self.folder}"


def reopen(
    folder: Path,
    summary: dict[str, Any],
    position: Mapping[str, Any],
    best: Mapping[str, float | int | None],
    plan: Plan,
) -> Logbook:
    """The logbook of a run that goes on from a checkpoint: records that came after it are taken back."""
    rewind.rewind(folder, position["positions"])
    again = {
        "status": "running",
        "error": None,
        "best": {**summary["best"], **best},
        "seconds": dict(position["seconds"]),
    }
    book = Logbook(folder, summary | again, plan)
    book.start = position.get("start")  # which older checkpoints have in metrics.jsonl
    book.summary["metrics"] = last_metrics(book.records)
    book.evaluated_at = last_step(read_records(folder))
    return book


def best_found(value: Any, step: Any) -> dict[str, float | int | None]:
    """What a summary says of the best of a run; nulls while there is none."""
    return {"value": None, "step": None} if step < 0 else {"value": float(value), "step": int(step)}


def best_of(runs: Sequence[tuple[int, Logbook]], maximise: bool) -> tuple[int, Logbook]:
    """The run with the best value on val."""
    values = [(pair[1].summary["best"]["value"], pair) for pair in runs]
    known = [(value, pair) for value, pair in values if value is not None]
    if not known:
        return runs[0]
    return (max if maximise else min)(known, key=lambda item: item[0])[1]


def _of(metrics: dict[str, float], split: str) -> dict[str, float]:
    return {
        tag.removeprefix(f"{split}/"): value
        for tag, value in metrics.items()
        if tag.startswith(f"{split}/") and value is not None and math.isfinite(value)
    }
