"""A sweep that is killed ends, once it is resumed, as if nothing had happened: bitwise, with its packing."""

import random
import shutil
import signal
import time
from pathlib import Path

import numpy as np
import pytest

from runner import checkpoints
from runner.sweeps.numbering import run_folders
from tests.runs.outcomes import killed, start_process
from tests.sweeps.conftest import statuses, summary_in

KILL = "import os, signal\ndie = lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL)\n"
OPTIONS = [
    "optimizer=sgd,adam",
    "optimizer.learning_rate=1e-3,1e-2,1e30",
    "seed=0,1",
    "model.hidden=[8]",
    "epochs=6",
    "dataset.subset=256",
    "diagnostics=off",
    "batch_size=32",
    "normalization=batch",
    "regularizer=dropout",
    "checkpoint.seconds=0",
]
PRUNING = ["sweep.pruning=successive_halving", "sweep.rungs=1", "sweep.factor=2"]

POINTS = {
    "while the folders are made": """
from runner.sweeps import members
original, calls = members.save_config, []
def save(*arguments):
    calls.append(1)
    return die() if len(calls) == 5 else original(*arguments)
members.save_config = save""",
    "before the first step": "from runner.sweeps import training\ntraining.introduce = die",
    "after a snapshot": """
from runner.sweeps.batches import Batch
original, calls = Batch.keep, []
def keep(self, snapshot):
    original(self, snapshot)
    calls.append(1)
    if len(calls) == 3:
        die()
Batch.keep = keep""",
    "while a snapshot is written": """
from runner import checkpoints
original, calls = os.fsync, []
def fsync(file):
    calls.append(1)
    return die() if len(calls) == 4 else original(file)
checkpoints.os.fsync = fsync""",
    "while runs are summed up": """
from runner.logbook import Logbook
original, calls = Logbook.conclude, []
def conclude(self, step):
    calls.append(1)
    return die() if len(calls) == 4 else original(self, step)
Logbook.conclude = conclude""",
    "in the second program": """
from runner.sweeps.training import Trainer
original, calls = Trainer._session, []
def session(self, *arguments):
    calls.append(1)
    found = original(self, *arguments)
    if len(calls) == 2:
        found.wants_state = die
    return found
Trainer._session = session""",
}


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _swept(tmp_path_factory.mktemp("whole"), OPTIONS)


@pytest.mark.parametrize("point", POINTS)
def test_killed(point, tmp_path, whole):
    killed(["train", "-m", *OPTIONS, "output_dir=sweep"], tmp_path, KILL + POINTS[point])
    assert "running" in statuses(tmp_path / "sweep").values()
    _resume(tmp_path)
    _assert_same(tmp_path / "sweep", whole)


FEWER = {
    "runs": [*OPTIONS[3:], "optimizer.learning_rate=1e-4,1e-3,3e-3,1e-2,3e-2", "sweep.lanes=4"],
    "trials": [
        *OPTIONS[3:],
        "hydra/sweeper=optuna",
        "optimizer.learning_rate=interval(1e-3,1e-2)",
        "hydra.sweeper.n_trials=5",
        "hydra.sweeper.n_jobs=3",
        "hydra.sweeper.sampler.seed=1",
    ],
}
"""Five of them, the last two in a batch of their own."""


@pytest.mark.parametrize("what", FEWER)
def test_killed_in_a_last_batch_of_fewer(what, tmp_path):
    reference = _swept(tmp_path, FEWER[what])
    code = f"""{KILL}
from runner.sweeps.batches import Batch
original = Batch.keep
def keep(self, snapshot):
    original(self, snapshot)
    if len(self.members) == 2:
        die()
Batch.keep = keep"""
    place = tmp_path / "killed"
    place.mkdir()
    killed(["train", "-m", *FEWER[what], "output_dir=sweep"], place, code)
    assert sorted(statuses(place / "sweep").values()) == [*3 * ["completed"], *2 * ["running"]]
    _resume(place)
    _assert_same(place / "sweep", reference)


@pytest.fixture(scope="session")
def pruned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _swept(tmp_path_factory.mktemp("pruned"), [*OPTIONS, *PRUNING])


def test_killed_while_runs_are_pruned(tmp_path, pruned):
    assert "pruned" in statuses(pruned).values()
    code = f"""{KILL}
from runner.sweeps import pruning
original = pruning._end
def end(batch, lanes):
    original(batch, lanes[:1])
    die()
pruning._end = end"""
    killed(["train", "-m", *OPTIONS, *PRUNING, "output_dir=sweep"], tmp_path, code)
    _resume(tmp_path)
    _assert_same(tmp_path / "sweep", pruned)


def test_killed_before_a_rung_is_decided(tmp_path, pruned):
    code = f"{KILL}from runner.sweeps import sweep\nsweep.decide = die"
    killed(["train", "-m", *OPTIONS, *PRUNING, "output_dir=sweep"], tmp_path, code)
    _resume(tmp_path)
    _assert_same(tmp_path / "sweep", pruned)


def test_a_snapshot_that_outlived_its_runs_is_forgotten(tmp_path, whole):
    kept = Path(shutil.copytree(whole, tmp_path / "sweep")) / "checkpoints"
    kept.mkdir()
    (kept / "0.msgpack").touch()
    _resume(tmp_path)


@pytest.mark.slow
def test_killed_at_six_random_moments(tmp_path, whole):
    began = time.monotonic()
    _swept(tmp_path / "reference", OPTIONS)
    lasts, moments = time.monotonic() - began, random.Random(0)
    for number in range(6):
        place = tmp_path / str(number)
        place.mkdir()
        process = start_process(["train", "-m", *OPTIONS, "output_dir=sweep"], place)
        _wait_for(place / "sweep/0/summary.json")
        time.sleep(moments.uniform(0, 0.6 * lasts))
        process.kill()
        process.communicate()
        _resume(place)
        _assert_same(place / "sweep", whole)


def test_a_signal_saves_and_the_rest_is_interrupted(tmp_path, whole):
    code = f"""
import os, signal
from runner.session import Session
original = Session.observe
def observe(self, chunk):
    os.kill(os.getpid(), {int(signal.SIGINT)})
    Session.observe = original
    return original(self, chunk)
Session.observe = observe"""
    process = start_process(["train", "-m", *OPTIONS, "output_dir=sweep"], tmp_path, code)
    said, errors = process.communicate(timeout=120)
    assert (process.returncode, errors) == (130, "")
    assert "runner resume sweep" in said
    assert set(statuses(tmp_path / "sweep").values()) <= {"interrupted", "diverged"}
    _resume(tmp_path)
    _assert_same(tmp_path / "sweep", whole)


def test_what_has_ended_is_left_alone(tmp_path, whole):
    before = {path: path.stat().st_mtime_ns for path in whole.glob("*/*") if path.is_file()}
    _resume(whole.parent)
    assert {path: path.stat().st_mtime_ns for path in before} == before


def _swept(place: Path, options: list[str]) -> Path:
    place.mkdir(exist_ok=True)
    process = start_process(["train", "-m", *options, "output_dir=sweep"], place)
    _, errors = process.communicate(timeout=180)
    assert (process.returncode, errors) == (0, "")
    return place / "sweep"


def _resume(place: Path) -> None:
    # In a process of its own, which has as many devices as the one that was killed.
    process = start_process(["resume", "sweep"], place)
    _, errors = process.communicate(timeout=180)
    assert (process.returncode, errors) == (0, "")
    assert not (place / "sweep/checkpoints").exists()


def _assert_same(sweep: Path, whole: Path) -> None:
    # A kill while the folders are made may give the jobs that had none other numbers.
    theirs = {summary_in(path)["identity"]: path for path in run_folders(whole).values()}
    ours = {summary_in(path)["identity"]: path for path in run_folders(sweep).values()}
    assert ours.keys() == theirs.keys()
    for identity, path in ours.items():
        other = theirs[identity]
        assert summary_in(path)["status"] == summary_in(other)["status"]
        assert (path / "metrics.jsonl").read_text() == (other / "metrics.jsonl").read_text(), path
        saved, expected = checkpoints.latest(path), checkpoints.latest(other)
        assert saved is not None and expected is not None
        for name, array in saved.arrays.items():
            np.testing.assert_array_equal(array, expected.arrays[name], err_msg=f"{path} {name}")


def _wait_for(path: Path) -> None:
    deadline = time.monotonic() + 120
    while not path.exists():
        assert time.monotonic() < deadline
        time.sleep(0.002)
