"""A disk that is full or may not be written to."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from runner.cli import main
from tests.runs.outcomes import OPTIONS, outcome, start_process

FULL = """
import resource, signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
def full(size):
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
"""
"""No file may grow beyond `size`: what is written fails as on a full disk, at a byte of our choice."""


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    """Compiled programs that do not fit the disk are no other test's."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def failed(arguments: list[str], place: Path, code: str) -> str:
    """The one line that a run which the disk fails says; it exits with 1."""
    process = start_process(arguments, place, code)
    _, errors = process.communicate(timeout=120)
    assert process.returncode == 1, errors
    assert len(errors.splitlines()) == 1, errors
    assert "Traceback" not in errors
    return errors


@pytest.mark.parametrize("moment", ["flush", "test_best"])
def test_a_disk_that_fills_is_one_line_and_what_was_saved_stays(moment, tmp_path, whole):
    folder = tmp_path / "run"
    owner = {
        "flush": "runner.records.background import Background as owner",
        "test_best": "runner import session as owner",
    }[moment]
    code = f"""{FULL}
from {owner}
original, calls = owner.{moment}, []
def patched(*arguments):
    calls.append(1)
    if len(calls) == {3 if moment == "flush" else 1}:
        full(1)
    return original(*arguments)
owner.{moment} = patched"""
    line = failed(["train", *OPTIONS, "checkpoint.seconds=0", f"output_dir={folder}"], tmp_path, code)
    assert "File too large" in line
    assert f"runner resume {folder}" in line
    assert main(["resume", str(folder)]) == 0
    outcome(folder).assert_equal(whole)


def test_a_checkpoint_that_cannot_be_written_is_one_line(tmp_path, whole):
    folder = tmp_path / "run"
    code = f"""{FULL}
from runner import checkpoints
original, calls = checkpoints.save, []
def save(folder, saved):
    calls.append(1)
    if len(calls) == 3:
        full(1)
    return original(folder, saved)
checkpoints.save = save"""
    line = failed(["train", *OPTIONS, "checkpoint.seconds=0", f"output_dir={folder}"], tmp_path, code)
    assert f"{folder}: File too large" in line
    assert main(["resume", str(folder)]) == 0
    outcome(folder).assert_equal(whole)


def test_a_folder_that_may_not_be_written_to(tmp_path):
    place = tmp_path / "locked"
    place.mkdir(mode=0o555)
    command = [sys.executable, "-m", "runner", "train", "epochs=1", f"output_dir={place}/run"]
    if os.geteuid() == 0:
        if shutil.which("setpriv") is None:
            pytest.skip("root may write everywhere, and there is no setpriv to take that away")
        command = ["setpriv", "--bounding-set=-dac_override", "--inh-caps=-dac_override", *command]
    found = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert found.returncode == 2
    assert found.stderr == f"runner: output_dir={place}/run: cannot be made (Permission denied)\n"
    assert list(place.iterdir()) == []
