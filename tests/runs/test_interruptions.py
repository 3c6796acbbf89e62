"""A run that is killed or interrupted ends as if nothing had happened, once it is resumed."""

import fcntl
import os
import random
import signal
import time
from pathlib import Path

import pytest

from runner.cli import main
from runner.folder import held
from tests.runs.outcomes import OPTIONS, killed, outcome, run_in, start_process, summary_of

KILL = "import os, signal\ndie = lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL)\n"
OFTEN = "checkpoint.seconds=0"

POINTS = {
    "before the first step": "from runner import launch\nlaunch.introduce = die",
    "before the first checkpoint": """
from runner.session import Session
original, calls = Session.observe, []
def observe(self, chunk):
    calls.append(chunk.step)
    return die() if len(calls) == 3 else original(self, chunk)
Session.observe = observe""",
    "while a checkpoint is written": """
from runner import checkpoints
original, calls = os.fsync, []
def fsync(file):
    calls.append(file)
    return die() if len(calls) == 3 else original(file)
checkpoints.os.fsync = fsync""",
    "after a checkpoint": """
from runner import checkpoints
original, calls = checkpoints.save, []
def save(folder, saved):
    calls.append(saved.step)
    original(folder, saved)
    if len(calls) == 2:
        die()
checkpoints.save = save""",
    "while the last state is written": """
from runner.session import Session
from runner import checkpoints
original = Session.conclude
def conclude(self, state):
    checkpoints.os.fsync = die
    return original(self, state)
Session.conclude = conclude""",
    "before the test evaluation": "from runner import session\nsession.test_best = die",
    "while the results are drawn": "from runner import finals\nfinals.draw_results = die",
    "before the last summary": """
from runner.logbook import Logbook
original = Logbook.save
def save(self, step):
    return original(self, step) if self.status == "running" else die()
Logbook.save = save""",
}


@pytest.mark.parametrize("point", POINTS)
def test_killed_at(point, tmp_path, whole, capfd):
    folder = tmp_path / "run"
    cadence = [] if point == "before the first checkpoint" else [OFTEN]
    killed(["train", *OPTIONS, *cadence, f"output_dir={folder}"], tmp_path, KILL + POINTS[point])
    assert summary_of(folder)["status"] == "running"
    capfd.readouterr()
    assert main(["resume", str(folder)]) == 0
    assert capfd.readouterr().err == ""
    outcome(folder).assert_equal(whole)


def test_killed_while_the_folder_is_made(tmp_path, capsys):
    folder = tmp_path / "run"
    code = f"{KILL}from runner import folder\nfolder.save_config = die"
    killed(["train", *OPTIONS, f"output_dir={folder}"], tmp_path, code)
    assert main(["resume", str(folder)]) == 2
    assert "killed before it began" in capsys.readouterr().err


def test_killed_twice_and_in_a_resume(tmp_path, whole):
    folder = tmp_path / "run"
    code = KILL + POINTS["while a checkpoint is written"]
    killed(["train", *OPTIONS, OFTEN, f"output_dir={folder}"], tmp_path, code)
    killed(["resume", str(folder)], tmp_path, code)
    assert main(["resume", str(folder)]) == 0
    outcome(folder).assert_equal(whole)


@pytest.mark.slow
def test_killed_at_twenty_random_moments(tmp_path, whole):
    began = time.monotonic()
    reference = start_process(["train", *OPTIONS, OFTEN, "output_dir=reference"], tmp_path)
    _wait_for(tmp_path / "reference/.hydra/config.yaml")
    started = time.monotonic() - began
    reference.communicate()
    lasts = time.monotonic() - began - started
    moments, statuses = random.Random(0), set()
    for number in range(20):
        folder = tmp_path / str(number)
        process = start_process(["train", *OPTIONS, OFTEN, f"output_dir={folder}"], tmp_path)
        _wait_for(folder / ".hydra/config.yaml")
        time.sleep(moments.uniform(0, lasts))
        process.kill()
        process.communicate()
        statuses.add(summary_of(folder)["status"])
        assert main(["resume", str(folder)]) == 0
        outcome(folder).assert_equal(whole)
    assert "running" in statuses


SIGNALLED = """
import os, signal
from runner.session import Session
original = Session.observe
def observe(self, chunk):
    os.kill(os.getpid(), {number})
    Session.observe = original
    return original(self, chunk)
Session.observe = observe
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_saves_and_says_how_to_go_on(number, tmp_path, whole):
    folder = tmp_path / "run"
    code = SIGNALLED.format(number=int(number))
    process = start_process(["train", *OPTIONS, f"output_dir={folder}"], tmp_path, code)
    said, errors = process.communicate(timeout=120)
    assert process.returncode == 130
    assert errors == ""
    assert f"runner resume {folder}" in " ".join(said.split())
    summary = summary_of(folder)
    assert summary["status"] == "interrupted"
    assert 0 < summary["steps"] < 6 * 45
    assert main(["resume", str(folder)]) == 0
    outcome(folder).assert_equal(whole)


def test_a_run_that_was_started_with_sigint_ignored_goes_on(tmp_path):
    code = SIGNALLED.format(number=int(signal.SIGINT)) + "signal.signal(signal.SIGINT, signal.SIG_IGN)"
    process = start_process(["train", "epochs=1", "model.hidden=[8]", "output_dir=run"], tmp_path, code)
    said, errors = process.communicate(timeout=120)
    assert (process.returncode, errors) == (0, ""), said
    assert summary_of(tmp_path / "run")["status"] == "completed"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_before_the_folder_exists_leaves_none(number, tmp_path):
    code = f"""
import os, signal
from runner import launch
launch.gather = lambda config: os.kill(os.getpid(), {int(number)})"""
    process = start_process(["train", *OPTIONS], tmp_path, code)
    _, errors = process.communicate(timeout=120)
    assert process.returncode == 130
    assert errors == ""
    assert list(tmp_path.iterdir()) == []


def test_how_steps_are_chunked_changes_no_bit(tmp_path, monkeypatch, whole):
    from runner.training import loop

    monkeypatch.setattr(loop, "FIRST_CHUNK", 3)
    monkeypatch.setattr(loop, "CHUNK_SECONDS", 1e-9)
    outcome(run_in(tmp_path / "run", OPTIONS)).assert_equal(whole)


def test_a_run_is_trained_by_one_process(tmp_path, capsys):
    folder = run_in(tmp_path / "run", ["epochs=1", "model.hidden=[8]"])
    with held(folder):
        assert main(["resume", str(folder), "epochs=2"]) == 2
    assert "another process is training this run" in capsys.readouterr().err
    handle = os.open(folder, os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)  # nothing holds it any more
    os.close(handle)


def _wait_for(path: Path) -> None:
    deadline = time.monotonic() + 120
    while not path.exists():
        assert time.monotonic() < deadline
        time.sleep(0.002)
