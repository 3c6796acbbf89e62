"""Nothing is lost, and nothing infects: what goes wrong with one run of a sweep stays with it."""

import json

import numpy as np
import pytest

from runner import load_run
from runner.cli import main
from runner.sweeps import training
from runner.sweeps.numbering import run_folders
from tests.runs.outcomes import run_in
from tests.sweeps.conftest import SMALL, recorded, statuses, summary_in, sweep_in


def test_a_lane_that_diverges_is_alone(tmp_path):
    sweep = sweep_in(tmp_path / "sweep", [*SMALL, "optimizer=sgd", "optimizer.learning_rate=0.01,1e30,0.1"])
    assert statuses(sweep) == {0: "completed", 1: "diverged", 2: "completed"}
    assert "not finite" in summary_in(sweep / "1")["error"]
    alone = run_in(tmp_path / "alone", [*SMALL, "optimizer=sgd", "optimizer.learning_rate=0.1"])
    ours, theirs = (recorded(run, "val/loss") for run in (sweep / "2", alone))
    np.testing.assert_allclose(ours, theirs, rtol=1e-4)


def test_early_stopping_freezes_a_lane(tmp_path):
    options = [
        "model.hidden=[8]",
        "epochs=15",
        "dataset.subset=256",
        "diagnostics=off",
        "early_stopping.patience=2",
        "optimizer=sgd",
    ]
    rates = ["1e-8", "0.05"]  # the first learns nothing
    sweep = sweep_in(tmp_path / "sweep", [*options, f"optimizer.learning_rate={','.join(rates)}"])
    assert statuses(sweep)[0] == "stopped_early"
    for number, rate in enumerate(rates):
        alone = run_in(tmp_path / f"alone{number}", [*options, f"optimizer.learning_rate={rate}"])
        assert statuses(sweep)[number] == summary_in(alone)["status"]
        assert summary_in(sweep / str(number))["best"]["step"] == summary_in(alone)["best"]["step"]
        np.testing.assert_allclose(
            recorded(sweep / str(number), "val/loss"), recorded(alone, "val/loss"), rtol=1e-3
        )


def test_a_job_that_cannot_be_built_fails_alone_and_all_failures_are_told(tmp_path, capsys):
    sweep = sweep_in(tmp_path / "sweep", [*SMALL, "batch_size=32,300,400"], code=1)
    assert statuses(sweep) == {0: "completed", 1: "failed", 2: "failed"}
    said = capsys.readouterr().out
    for number, size in ((1, 300), (2, 400)):
        reason = f"batch_size={size} is larger than the 256 training examples"
        assert reason in summary_in(sweep / str(number))["error"]
        assert reason in (sweep / str(number) / "run.log").read_text()
        assert reason in said
    overview = json.loads((sweep / "sweep.json").read_text())
    assert overview["statuses"] == {"completed": 1, "failed": 2}
    assert overview["failures"].keys() == {"1", "2"}


def test_fail_fast_trains_nothing_more(tmp_path):
    sweep = sweep_in(tmp_path / "sweep", [*SMALL, "batch_size=300,32", "sweep.fail_fast=true"], code=130)
    assert statuses(sweep) == {0: "failed", 1: "interrupted"}


BAD = {
    "optimizer=sgd,adm": "did you mean adam?",
    "optimizer.learning_rate=0.1,-1": "optimizer.learning_rate=-1: expected a number greater than 0",
    "optimizer.learning_rate=0.1,fast": "expected a number greater than 0",
    "epochs=1,0": "epochs=0: expected",
    "optimizer.lerning_rate=0.1,0.2": "did you mean optimizer.learning_rate?",
    "seed=range(3": "not in Hydra's grammar",
    "optimizer.learning_rate=interval(0,1)": "hydra/sweeper=optuna searches intervals",
    "output_dir=a,b": "a sweep has one folder",
    "sweep.pruning=halving": "one of successive_halving, hyperband",
    "sweep.isolated=true,false": "it is the same for all runs of a sweep",
    "sweep.grids=[1]": "mapping of keys to values",
}


@pytest.mark.parametrize("override", BAD)
def test_what_the_configs_show_stops_the_sweep_before_any_folder(override, here, capsys):
    assert main(["train", "-m", "seed=0,1", override]) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1 and BAD[override] in error
    assert list(here.iterdir()) == []


def test_an_error_of_ours_comes_through(tmp_path, monkeypatch):
    def fail(*_):
        raise TypeError("ours")

    monkeypatch.setattr(training.Trainer, "_open", fail)
    with pytest.raises(TypeError, match="ours"):
        main(["train", "-m", *SMALL, "seed=0,1", f"output_dir={tmp_path / 'sweep'}"])


def test_a_sweep_into_its_folder_runs_only_what_is_new(tmp_path):
    sweep = sweep_in(tmp_path / "sweep", [*SMALL, "optimizer.learning_rate=1e-3,1e-2"])
    before = {path: path.stat().st_mtime_ns for path in sweep.glob("[01]/**/*") if path.is_file()}
    # The same numbers, written in another way and in another order.
    sweep_in(sweep, [*SMALL, "optimizer.learning_rate=0.03,0.01,0.001"])
    assert {path: path.stat().st_mtime_ns for path in before} == before
    assert list(statuses(sweep)) == [0, 1, 2]
    assert load_run(sweep / "2").config.optimizer.learning_rate == 0.03
    assert [path.name for path in sorted(sweep.glob("multirun*"))] == ["multirun.1.yaml", "multirun.yaml"]


def test_a_dry_run_writes_nothing(here, capsys):
    assert main(["train", "-m", "optimizer=sgd,adam", "seed=range(5)", "--dry-run"]) == 0
    assert "10 runs in 2 compiled programs" in capsys.readouterr().out
    assert list(here.iterdir()) == []


def test_memory_that_is_too_small_halves_the_lanes(tmp_path, monkeypatch):
    from runner.memory import OutOfMemoryError

    original, sizes = training.initial_state, []

    def scarce(prepared):
        sizes.append(prepared.programs.layout.lanes)
        if sizes[-1] > 2:
            raise OutOfMemoryError("the device's memory is too small (made up)")
        return original(prepared)

    monkeypatch.setattr(training, "initial_state", scarce)
    sweep = sweep_in(tmp_path / "sweep", [*SMALL, "seed=range(3)"])
    assert max(sizes) > 2
    assert set(statuses(sweep).values()) == {"completed"}
    alone = run_in(tmp_path / "alone", [*SMALL, "seed=2"])
    np.testing.assert_allclose(recorded(sweep / "2", "val/loss"), recorded(alone, "val/loss"), rtol=1e-4)


def test_a_program_larger_than_the_memory_is_split_before_it_runs(tmp_path, monkeypatch):
    from runner.sweeps import compiler

    monkeypatch.setattr(compiler, "free_bytes", lambda device: 1_500_000)
    sweep = sweep_in(tmp_path / "sweep", [*SMALL, "seed=range(6)"])
    assert set(statuses(sweep).values()) == {"completed"}


def test_one_run_that_does_not_fit_fails_and_says_so(tmp_path, monkeypatch):
    from runner.memory import OutOfMemoryError

    def none(prepared):
        raise OutOfMemoryError("the device's memory is too small (made up)")

    monkeypatch.setattr(training, "initial_state", none)
    sweep = sweep_in(tmp_path / "sweep", [*SMALL, "seed=0,1"], code=1)
    assert statuses(sweep) == {0: "failed", 1: "failed"}
    assert "memory is too small" in summary_in(sweep / "0")["error"]


def test_runs_are_trained_by_one_process(small, capsys):
    from runner.folder import held

    with held(small):
        assert main(["train", "-m", *SMALL, "seed=7,8", f"output_dir={small}"]) == 2
    assert "another process" in capsys.readouterr().err
    assert len(run_folders(small)) == 8


def test_an_occupied_folder_that_is_no_sweep_is_refused(tmp_path, capsys):
    place = tmp_path / "mine"
    place.mkdir()
    (place / "thesis.tex").write_text("all of it")
    assert main(["train", "-m", *SMALL, "seed=0,1", f"output_dir={place}"]) == 2
    assert "the folder holds thesis.tex and is no sweep's" in capsys.readouterr().err
    assert [path.name for path in place.iterdir()] == ["thesis.tex"]


def test_runs_of_different_objectives_are_not_ranked(tmp_path, capsys):
    options = ["dataset=playground", "dataset.task=classification,regression", "model.hidden=[4]", "epochs=1"]
    sweep = sweep_in(tmp_path / "sweep", options)
    assert json.loads((sweep / "sweep.json").read_text())["best"] is None
    assert "2 completed" in capsys.readouterr().out
