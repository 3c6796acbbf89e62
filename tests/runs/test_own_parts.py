"""A user's own parts, in a folder elsewhere that has a `models/` and a `configs/` of its own."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from runner import load_run
from runner.cli import main
from runner.composition import compose
from runner.experiment import build_dataset
from runner.preparation import prepare

OWN = ["dataset=mine", "model=mine", "optimizer=mine", "loss=mine", "augmentation=mine"]
TRAIN = ["train", "--config-dir", "configs", *OWN, "epochs=30", "batch_size=32"]


@pytest.fixture(scope="module")
def run(own_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of the command, from the user's folder."""
    folder = tmp_path_factory.mktemp("own") / "run"
    command = [sys.executable, "-m", "runner", *TRAIN, f"output_dir={folder}"]
    done = subprocess.run(command, cwd=own_folder, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    return folder


def summary(run: Path) -> dict:
    return json.loads((run / "summary.json").read_text())


def test_it_learns(run, own_folder):
    found = summary(run)
    assert found["metrics"]["val/accuracy"] > 0.8
    assert found["parameters"] == 4 * 16 + 16 + 16 * 2 + 2
    assert {group: found["choices"][group] for group in ("dataset", "model")} == {
        "dataset": "mine",
        "model": "mine",
    }
    assert found["working_dir"] == str(own_folder)
    assert found["config_dir"] == str(own_folder / "configs")


def test_every_number_of_its_own_is_an_input(at_home):
    numbers = prepare(compose(OWN, at_home / "configs")).numbers
    own = {"model.slope", "optimizer.strength", "loss.exponent", "augmentation.jitter.deviation"}
    assert own <= numbers.keys()


def test_a_number_that_cannot_be_traced_is_structure(at_home, tmp_path):
    prepared = prepare(compose([*OWN, "schedule=decay"], at_home / "configs"))
    assert "schedule.decay_rate" not in prepared.numbers and "steps" not in prepared.numbers
    assert {"optimizer.learning_rate", "model.slope", "seed"} <= prepared.numbers.keys()
    assert main([*TRAIN, "schedule=decay", f"output_dir={tmp_path / 'run'}"]) == 0
    lines = [json.loads(line) for line in (tmp_path / "run" / "metrics.jsonl").read_text().splitlines()]
    steps, rates = zip(*((line["step"], line["learning_rate"]) for line in lines[:-1]), strict=True)
    np.testing.assert_allclose(rates, 3e-3 * 0.5 ** ((np.array(steps) - 1) / steps[-1]), rtol=1e-5)


def test_load_run_remembers_where_it_was_made(run, at_home, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    loaded = load_run(run)
    dataset = build_dataset(loaded.config)
    guesses = loaded.predict(dataset.inputs[dataset.test]).argmax(axis=-1)
    accuracy = np.mean(guesses == dataset.targets[dataset.test], dtype=np.float32)
    assert accuracy == summary(run)["metrics"]["test/accuracy"]


EVALUATE = """
from pathlib import Path
from runner import load_run
from runner.cli import main
import models.mine, mine
print(models.mine.__file__, mine.__file__, load_run({run!r}).predict([[1, 2, 3, 4]]).shape)
raise SystemExit(main(["evaluate", {run!r}]))
"""


def test_its_modules_may_move_to_the_path(run, own_folder, tmp_path):
    moved = Path(shutil.copytree(run, tmp_path / "run"))
    kept = own_folder.with_name("elsewhere")
    own_folder.rename(kept)
    try:
        environment = os.environ | {"PYTHONPATH": str(kept)}
        code = EVALUATE.format(run=str(moved))
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, text=True
        )
    finally:
        kept.rename(own_folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"{kept / 'models' / 'mine.py'} {kept / 'mine.py'} (1, 2)\n")
    (evaluation,) = moved.glob("evaluation-*.json")
    metrics = summary(moved)["metrics"]
    found = json.loads(evaluation.read_text())["metrics"]
    assert found["test/accuracy"] == metrics["test/accuracy"]
    assert found["test/loss"] == pytest.approx(metrics["test/loss"], rel=1e-6)  # another program's rounding


def test_resume_remembers_where_it_was_made(run, own_folder, tmp_path):
    moved = Path(shutil.copytree(run, tmp_path / "run"))
    command = [sys.executable, "-m", "runner", "resume", str(moved), "epochs=31"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert summary(moved)["epochs"] == 31
