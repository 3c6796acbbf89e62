"""A user's own parts, in a folder elsewhere that has a `models/` and a `configs/` of its own."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import pytest

from runner import load_run
from runner.cli import main
from runner.composition import compose
from runner.experiment import build_dataset
from runner.preparation import prepare
from tests.runs.outcomes import summary_of, written

OWN = [
    "dataset=mine",
    "model=mine",
    "optimizer=mine",
    "loss=mine",
    "augmentation=mine",
    "diagnostics=mine",
]
TRAIN = ["train", "--config-dir", "configs", *OWN, "epochs=30", "batch_size=32"]


def python(
    arguments: list[str], place: Path, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Python in a process of its own, where no module of the user's is imported yet."""
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=place, env=environment, capture_output=True, text=True)


@pytest.fixture(scope="module")
def run(own_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of the command, from the user's folder."""
    folder = tmp_path_factory.mktemp("own") / "run"
    done = python(["-m", "runner", *TRAIN, f"output_dir={folder}"], own_folder)
    assert (done.returncode, done.stderr) == (0, "")
    return folder


def test_it_learns(run, own_folder):
    found = summary_of(run)
    assert found["metrics"]["val/accuracy"] > 0.8
    assert found["parameters"] == 4 * 16 + 16 + 16 * 2 + 2
    assert {group: found["choices"][group] for group in ("dataset", "model")} == {
        "dataset": "mine",
        "model": "mine",
    }
    assert found["working_dir"] == str(own_folder)
    assert found["config_dir"] == str(own_folder / "configs")


def test_its_signals_are_recorded(run):
    first = {tag: value for tag, step, value in written(run) if step == 0}
    found = [tag for tag in first if tag.startswith("diagnostics/")]
    assert found == ["diagnostics/largest/hidden", "diagnostics/largest/logits"]
    assert all(0.1 < first[tag] < 10 for tag in found)


def test_every_number_of_its_own_is_an_input(at_home):
    numbers = prepare(compose(OWN, at_home / "configs")).numbers
    own = {"model.slope", "optimizer.strength", "loss.exponent", "augmentation.jitter.deviation"}
    own |= {"diagnostics.scale"}
    assert own <= numbers.keys()


def test_a_number_that_cannot_be_traced_is_structure(at_home, tmp_path):
    prepared = prepare(compose([*OWN, "schedule=decay"], at_home / "configs"))
    assert "schedule.decay_rate" not in prepared.numbers and "steps" not in prepared.numbers
    assert {"optimizer.learning_rate", "model.slope", "seed"} <= prepared.numbers.keys()
    assert main([*TRAIN, "schedule=decay", f"output_dir={tmp_path / 'run'}"]) == 0
    lines = [json.loads(line) for line in (tmp_path / "run" / "metrics.jsonl").read_text().splitlines()]
    steps, rates = zip(*((line["step"], line["learning_rate"]) for line in lines[1:-1]), strict=True)
    np.testing.assert_allclose(rates, 3e-3 * 0.5 ** ((np.array(steps) - 1) / steps[-1]), rtol=1e-5)


def test_load_run_remembers_where_it_was_made(run, at_home, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    loaded = load_run(run)
    dataset = build_dataset(loaded.config)
    guesses = loaded.predict(dataset.inputs[dataset.test]).argmax(axis=-1)
    accuracy = np.mean(guesses == dataset.targets[dataset.test], dtype=np.float32)
    assert accuracy == summary_of(run)["metrics"]["test/accuracy"]


LOAD = """
import sys
from runner import load_run
{first}
print(load_run({run!r}).predict([[1, 2, 3, 4]]).shape)
import models.mine, models.mlp, mine
print(models.mine.__file__, mine.__file__)
"""


@pytest.fixture
def moved(own_folder: Path) -> Iterator[Path]:
    """Where the user's folder has moved to."""
    elsewhere = own_folder.with_name("elsewhere")
    own_folder.rename(elsewhere)
    yield elsewhere
    elsewhere.rename(own_folder)


def on_the_path(folder: Path) -> dict[str, str]:
    """The environment, with a folder first on Python's path."""
    others = [os.environ["PYTHONPATH"]] if "PYTHONPATH" in os.environ else []
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(folder), *others])}


@pytest.mark.parametrize("first", ["", "sys.path.append({moved!r})", "import models.mine"])
def test_load_run_finds_its_modules_on_the_path(first, run, moved, tmp_path):
    code = LOAD.format(run=str(run), first=first.format(moved=str(moved)))
    done = python(["-c", code], tmp_path, None if "append" in first else on_the_path(moved))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"(1, 2)\n{moved / 'models' / 'mine.py'} {moved / 'mine.py'}\n"


def test_its_modules_may_move_to_the_path(run, moved, tmp_path):
    copy = Path(shutil.copytree(run, tmp_path / "run"))
    done = python(["-m", "runner", "evaluate", str(copy)], tmp_path, on_the_path(moved))
    assert (done.returncode, done.stderr) == (0, "")
    (evaluation,) = copy.glob("evaluation-*.json")
    metrics = summary_of(copy)["metrics"]
    found = json.loads(evaluation.read_text())["metrics"]
    assert found == {tag: metrics[tag] for tag in ("test/loss", "test/accuracy")}


def test_a_module_that_has_gone_is_one_line(run, moved, tmp_path):
    done = python(["-m", "runner", "evaluate", str(run)], tmp_path)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert "_target_=mine.power: there is no mine" in done.stderr and "PYTHONPATH" in done.stderr


def test_resume_remembers_where_it_was_made(run, own_folder, tmp_path):
    copy = Path(shutil.copytree(run, tmp_path / "run"))
    done = python(["-m", "runner", "resume", str(copy), "epochs=31"], tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert summary_of(copy)["epochs"] == 31
