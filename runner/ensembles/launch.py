"""Makes an ensemble, in a folder of its own."""

import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import jax
import numpy as np
from flax import nnx
from rich.console import Console

from runner import folder as folders
from runner.backend import configure
from runner.ensembles.answers import ask
from runner.ensembles.details import FILE, details
from runner.ensembles.display import INTERVALS, Shown, weights_line
from runner.ensembles.making import Ingredients, Made, make
from runner.ensembles.members import Member, find_members
from runner.ensembles.objective import merits, objective_of
from runner.ensembles.outcome import judge
from runner.ensembles.records import Tested, write_records
from runner.ensembles.structures import by_structure
from runner.ensembles.summing import ended, queued
from runner.ensembles.writing import write_config
from runner.errors import ConfigError, RunError
from runner.examining import examiner
from runner.experiment import build_dataset
from runner.objectives.joint import columns
from runner.records.console import new_console
from runner.runs import Run, load_run
from runner.training.lanes import alone

ROOT = Path("outputs/ensembles")


def ensemble(paths: Sequence[Path], method: str, output: Path | None, command: list[str]) -> int:
    """Makes one model of the runs under the paths, and says what it gains; the exit code.

    Raises:
        ConfigError: the runs do not fit together, or cannot be combined so; nothing was written.
        RunError: the folder cannot be written to.
    """
    began = time.monotonic()
    members, left_out = find_members(paths)
    ingredients = _gather(members)
    made = make(method, ingredients)
    folder = folders.create(output, ROOT)
    try:
        summary = queued(members, made, method, command)
        folders.write_summary(folder, summary)
        made.write(folder)
        write_config(folder, members[made.used[0]], method, len(made.used))
        _conclude(folder, summary, ingredients, made, left_out, began)
    except OSError as error:
        raise RunError(f"{error.filename or folder}: {error.strerror or error}") from error
    return 0


def _gather(members: Sequence[Member]) -> Ingredients:
    first = members[0]
    configure(first.config)
    dataset = build_dataset(first.config)
    recorded = first.summary["data"]["fingerprint"]
    if dataset.fingerprint != recorded:
        raise ConfigError(
            f"{first.folder}: its data has changed since it was trained (fingerprint {dataset.fingerprint}, "
            f"then {recorded}): val and test may hold what it was trained on"
        )
    structures = by_structure([member.folder for member in members])
    return Ingredients(members, structures, dataset, ask(structures, dataset), objective_of(members))


def _conclude(
    folder: Path,
    summary: Mapping[str, Any],
    ingredients: Ingredients,
    made: Made,
    left_out: Sequence[str],
    began: float,
) -> None:
    members, _, dataset, answers, objective = ingredients
    run = load_run(folder)
    metrics, outputs = _test(run, ingredients)
    best = int(merits(answers.scalars, objective).argmax())
    outcome = judge(answers.kind, outputs, answers.test.members, best, answers.test.targets)
    method, names = summary["ensemble"]["method"], [member.name for member in members]
    shown = Shown(f"ensemble ({method})", names[best], len(members), outcome)
    used = [names[place] for place in made.used]
    lines = [
        weights_line(used, made.weights, len(members)),
        *(f"left out: {reason}" for reason in left_out),
        *made.remarks,
        INTERVALS,
    ]
    if "ece" in outcome.ensemble:
        metrics |= {"calibration/ece": outcome.ensemble["ece"].value}
    summary = ended(
        summary, metrics | {f"val/{name}": value for name, value in made.val(run).items()}, objective
    )
    summary["seconds"]["total"] = summary["seconds"]["evaluate"] = time.monotonic() - began
    tested = Tested(next(iter(run.tasks.values())), outputs, outcome, best, names[best])
    write_records(folder, summary, dataset, answers, tested, shown, lines)
    folders.write_summary(folder, details(summary, ingredients, made, left_out, outcome, best), FILE)
    folders.write_summary(folder, summary)
    _say(new_console(), folder, shown, lines)


def _test(run: Run, ingredients: Ingredients) -> tuple[dict[str, float], np.ndarray]:
    """What `evaluate` will find, and the outputs [n, k] of the main task."""
    test = ingredients.dataset.test
    lanes = jax.tree.map(lambda leaf: leaf[None], nnx.state(run.model))
    found, outputs = examiner(run, ingredients.dataset, alone())(lanes, test)
    main = next(iter(columns(run.tasks).values()))
    said = np.asarray(ingredients.answers.kind.say(outputs[0, : len(test), main]))
    return {f"test/{name}": float(value[0]) for name, value in found.items()}, said


def _say(console: Console, folder: Path, shown: Shown, lines: Sequence[str]) -> None:
    console.print(shown.table())
    for line in lines:
        console.print(line, markup=False)
    console.print(f"the ensemble, for evaluate, predict, compare and load_run: {folder}")
