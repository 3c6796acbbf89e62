"""What an ensemble's folder says of it: records as a run has them."""

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jax.numpy as jnp
import numpy as np

from runner.ensembles.calibration import reliability
from runner.ensembles.display import Shown
from runner.ensembles.ingredients import Ingredients
from runner.ensembles.testing import Tested
from runner.pictures.reliability import Diagram, draw_reliability
from runner.records.console import RunLog
from runner.records.entry import Entry
from runner.records.jsonlines import JsonLines
from runner.records.tensorboard import TensorBoard
from runner.report import draw_results


def write_records(
    folder: Path, summary: Mapping[str, Any], ingredients: Ingredients, tested: Tested, shown: Shown
) -> None:
    """Writes one evaluation, the pictures of the test split, and what the console says."""
    step = summary["steps"]
    entry = Entry(step, summary["epochs"], summary["metrics"], True)
    tensorboard, log, jsonl = TensorBoard(folder, time.time), RunLog(folder, step), JsonLines(folder)
    sinks = (tensorboard, log, jsonl)
    for sink in sinks:
        sink.write(entry)
    draw_results(tensorboard, ingredients.dataset, tested.task, tested.outputs, step)
    if tested.task.classes:
        tensorboard.image("test/reliability", _diagrams(ingredients, tested), step)
    tensorboard.text("ensemble", shown.markdown(), step)
    for line in shown.lines():
        log.say(line)
    for sink in sinks:
        sink.close()


def _diagrams(ingredients: Ingredients, tested: Tested) -> np.ndarray:
    test, best = ingredients.answers.test, ingredients.best
    single = f"best on val, {ingredients.members[best].name}"
    diagrams = []
    for name, outputs in (("the ensemble", tested.outputs), (single, test.members[best])):
        found = reliability(np.asarray(tested.task.scores(jnp.asarray(outputs))), test.targets)
        diagrams.append(Diagram(f"{name}: ECE {found.error:.4f}", *found))
    title = f"How often it is right on test, by its confidence: {len(test.targets):,} examples"
    return draw_reliability(diagrams, title)
