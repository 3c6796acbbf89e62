"""Hydra's own launchers and sweepers with our task: every run is a run, and nothing is lost."""

import json
import subprocess
import sys

import pytest

from runner.cli import main
from tests.sweeps.conftest import SMALL, statuses, summary_in, sweep_in

BASIC = {
    "basic launcher": ["hydra/launcher=basic"],
    "basic sweeper": ["hydra/sweeper=basic"],
}
BOTH = {"both": ["hydra/launcher=basic", "hydra/sweeper=basic"]}
EACH = pytest.mark.parametrize("choice", BASIC.values(), ids=BASIC)
FOREIGN = {**BASIC, **BOTH, "joblib": ["hydra/launcher=joblib"]}
FILES = {"multirun.yaml", "sweep.csv", "sweep.json"}


@EACH
def test_runs_lie_in_numbered_folders_and_a_second_invocation_extends_them(choice, tmp_path):
    sweep = sweep_in(tmp_path / "sweep", [*choice, *SMALL, "optimizer.learning_rate=0.1,0.01"])
    assert {path.name for path in sweep.iterdir()} == {"0", "1", *FILES}
    assert statuses(sweep) == {0: "completed", 1: "completed"}
    assert {path.name for path in (sweep / "0").iterdir()} >= {"metrics.jsonl", "checkpoints", "run.log"}
    before = (sweep / "multirun.yaml").read_text()
    sweep_in(sweep, [*choice, *SMALL, "optimizer.learning_rate=0.02,0.010,0.03"])
    assert {path.name for path in sweep.iterdir()} == {"0", "1", "2", "3", "multirun.1.yaml", *FILES}
    assert (sweep / "multirun.1.yaml").read_text() == before
    rates = [summary_in(sweep / str(number))["overrides"] for number in range(4)]
    assert ["optimizer.learning_rate=0.02" in own for own in rates] == [False, False, True, False]
    assert json.loads((sweep / "sweep.json").read_text())["runs"] == 4


@EACH
def test_all_failures_are_told(choice, tmp_path, capsys):
    sweep = sweep_in(tmp_path / "sweep", [*choice, *SMALL, "batch_size=1000,64,2000"], code=1)
    assert statuses(sweep) == {0: "failed", 1: "completed", 2: "failed"}
    said = capsys.readouterr().out
    for number, size in ((0, 1000), (2, 2000)):
        assert f"batch_size={size} is larger" in said
        assert f"batch_size={size} is larger" in (sweep / str(number) / "run.log").read_text()
        assert (sweep / str(number) / ".hydra" / "config.yaml").exists()


@pytest.mark.slow
def test_joblib(tmp_path):
    sweep = tmp_path / "sweep"

    def train(values):
        arguments = [
            *SMALL,
            "hydra/launcher=joblib",
            "hydra.launcher.n_jobs=2",
            values,
            f"output_dir={sweep}",
        ]
        command = [sys.executable, "-m", "runner", "train", "-m", *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    done = train("batch_size=64,1000")
    assert done.returncode == 1 and done.stderr == ""
    assert statuses(sweep) == {0: "completed", 1: "failed"}
    assert "run 1 failed: batch_size=1000 is larger" in done.stdout
    done = train("batch_size=32,64,16")
    assert statuses(sweep) == {0: "completed", 1: "failed", 2: "completed", 3: "completed"}
    assert {path.name for path in sweep.iterdir()} == {*"0123", "multirun.1.yaml", *FILES}


BAD = {
    "epohcs=2": "did you mean epochs?",
    "optimizer.learning_rate=1,abc": "expected a number greater than 0",
    "optimizer.learning_rate=-1,1": "expected a number greater than 0",
    "model=mlp,mpl": "did you mean mlp?",
    "hydra.sweep.subdir=x": "folders named by their numbers",
    "--dry-run": "--dry-run goes with",
    "hydra.verbose=true,false": "Sweeping over Hydra's configuration is not supported",
}


@pytest.mark.parametrize("choice", FOREIGN.values(), ids=FOREIGN)
@pytest.mark.parametrize("given", BAD)
def test_bad_input_stops_before_any_folder(given, choice, here, capsys, no_jax):
    assert main(["train", "-m", "seed=0,1", given, *choice, "output_dir=sweep"]) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1 and BAD[given] in error
    assert list(here.iterdir()) == []


@pytest.mark.parametrize("given", ["sweep.pruning=hyperband", "sweep.fail_fast=true"])
def test_what_only_ours_can_do_is_refused_with_others(given, here, capsys, no_jax):
    assert main(["train", "-m", "seed=0,1", given, "hydra/launcher=basic"]) == 2
    assert "it goes with hydra/launcher=lanes" in capsys.readouterr().err
    assert list(here.iterdir()) == []


def test_a_sweep_has_a_folder_of_its_own_among_sweeps(here):
    assert main(["train", "-m", *SMALL, "seed=0", "hydra/launcher=basic"]) == 0
    assert [path.name for path in here.iterdir()] == ["outputs"]
    assert len(list(here.glob("outputs/sweeps/*/*/0/summary.json"))) == 1
