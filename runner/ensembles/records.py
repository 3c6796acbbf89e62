"""What an ensemble's folder says of it: records as a run has them."""

import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from runner.data.dataset import Dataset
from runner.ensembles.answers import Answers
from runner.ensembles.calibration import reliability
from runner.ensembles.display import Shown
from runner.ensembles.outcome import Outcome
from runner.objectives.tasks import Task
from runner.pictures.reliability import Diagram, draw_reliability
from runner.records.console import RunLog
from runner.records.entry import Entry
from runner.records.jsonlines import JsonLines
from runner.records.tensorboard import TensorBoard
from runner.report import draw_results


class Tested(NamedTuple):
    """An ensemble on test."""

    task: Task
    outputs: np.ndarray
    """[n, k]."""
    outcome: Outcome
    best: int
    """The best single member, by val."""
    best_name: str


def write_records(
    folder: Path,
    summary: Mapping[str, Any],
    dataset: Dataset,
    answers: Answers,
    tested: Tested,
    shown: Shown,
    lines: Sequence[str],
) -> None:
    """Writes one evaluation, the pictures of the test split, and what the console says."""
    step = summary["steps"]
    entry = Entry(step, summary["epochs"], summary["metrics"], True)
    tensorboard, log, jsonl = TensorBoard(folder, time.time), RunLog(folder, step), JsonLines(folder)
    sinks = (tensorboard, log, jsonl)
    for sink in sinks:
        sink.write(entry)
    draw_results(tensorboard, dataset, tested.task, tested.outputs, step)
    if tested.task.classes:
        tensorboard.image("test/reliability", _diagram(answers, tested), step)
    tensorboard.text("ensemble", "\n\n".join([shown.markdown(), *lines]), step)
    for line in [*shown.lines(), *lines]:
        log.say(line)
    for sink in sinks:
        sink.close()


def _diagram(answers: Answers, tested: Tested) -> np.ndarray:
    labels = answers.test.targets
    said = {
        "the ensemble": tested.outputs,
        f"the best single run, {tested.best_name}": answers.test.members[tested.best],
    }
    diagrams = []
    for name, outputs in said.items():
        found = reliability(np.asarray(tested.task.scores(outputs)), labels)
        diagrams.append(Diagram(f"{name}: ECE {found.error:.4f}", *found))
    return draw_reliability(
        diagrams, f"How often it is right on test, by its confidence: {len(labels):,} examples"
    )
