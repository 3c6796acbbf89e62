"""Runs that still train: their records are newer than their summary."""

import pytest

from runner.comparison.reading import read_run
from tests.comparison.sweep_files import write_run

BEGUN = {
    "steps": 0,
    "epochs": 0.0,
    "metrics": {},
    "seconds": {"total": 0.0, "compile": 1.0, "train": 0.0, "evaluate": 0.0},
}


def begun(folder, status="running", metric="val/accuracy", curve=(0.5, 0.8, 0.7)):
    nothing = {"metric": metric, "value": None, "step": None}
    write_run(folder, [], curve=curve, metric=metric, status=status, best=nothing, **BEGUN)
    return read_run(folder, folder, "0")


@pytest.mark.parametrize("status", ["running", "interrupted"])
def test_what_is_under_way_is_read_from_its_records(tmp_path, status):
    run = begun(tmp_path / "0", status)
    assert (run.steps, run.epochs) == (66, 3.0)
    assert (run.best_value, run.best_step) == (0.8, 44)
    assert run.metrics["val/accuracy"] == 0.7
    assert run.metrics["train/loss"] == pytest.approx(1 / 3)


def test_the_best_loss_is_the_least(tmp_path):
    run = begun(tmp_path / "0", metric="val/loss", curve=(0.5, 0.2, 0.3))
    assert (run.best_value, run.best_step) == (0.2, 44)


def test_a_half_written_line_is_left_for_later(tmp_path):
    begun(tmp_path / "0")
    with (tmp_path / "0/metrics.jsonl").open("a") as records:
        records.write('{"step": 88, "epoch": 4.0, "val/accur')
    assert read_run(tmp_path / "0", tmp_path, "0").steps == 66


def test_a_run_without_a_record_has_no_value_yet(tmp_path):
    begun(tmp_path / "0")
    (tmp_path / "0/metrics.jsonl").write_text("")
    run = read_run(tmp_path / "0", tmp_path, "0")
    assert (run.steps, run.best_value) == (0, None)


def test_a_run_that_ended_is_as_its_summary_says(tmp_path):
    write_run(tmp_path / "0", [], curve=[0.5, 0.8, 0.7])
    assert read_run(tmp_path / "0", tmp_path, "0").best_value == 0.7
