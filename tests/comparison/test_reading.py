"""Runs from their files."""

import json

import pytest

from runner.comparison.reading import read_run
from runner.errors import ConfigError
from tests.comparison.sweep_files import write_run


def read(folder):
    return read_run(folder, folder.parent, folder.name)


def test_a_run_as_it_was_written(tmp_path):
    write_run(tmp_path / "3", ["optimizer=sgd", "optimizer.learning_rate=0.05"], seed=7, value=0.93)
    run = read(tmp_path / "3")
    assert (run.status, run.seed, run.best_metric, run.best_value) == ("completed", 7, "val/accuracy", 0.93)
    assert run.config["optimizer"] == "sgd"
    assert run.config["optimizer.learning_rate"] == 0.05
    assert {"optimizer", "model", "schedule"} <= run.groups
    assert not {"seed", "output_dir"} & run.config.keys()
    assert run.provenance.versions["jax"] == "0.10.2"
    assert not run.is_unfinished


def test_the_lanes_of_a_program_are_no_time(tmp_path):
    write_run(tmp_path / "0", [])
    assert set(read(tmp_path / "0").seconds) == {"total", "compile", "train", "evaluate"}


def test_a_run_that_failed_before_it_was_built_lacks_most(tmp_path):
    write_run(tmp_path / "0", ["optimizer=sgd"])
    summary = {"status": "failed", "error": "no such file", "overrides": ["optimizer=sgd", "seed=4"]}
    (tmp_path / "0/summary.json").write_text(json.dumps(summary))
    (tmp_path / "0/metrics.jsonl").unlink()
    run = read(tmp_path / "0")
    assert (run.status, run.error, run.best_value, run.steps) == ("failed", "no such file", None, 0)
    write_run(tmp_path / "1", ["optimizer=sgd"])
    assert run.config == read(tmp_path / "1").config, "its options are those of a run that was built"


def test_what_was_not_finite_is_none(tmp_path):
    write_run(tmp_path / "0", [], value=None)
    run = read(tmp_path / "0")
    assert (run.status, run.best_value, run.metrics["val/accuracy"]) == ("diverged", None, None)


def test_flags_of_the_command_are_kept(tmp_path):
    write_run(tmp_path / "0", [], config_dir="/my/configs", config_name="other")
    assert read(tmp_path / "0").flags == ("--config-dir", "/my/configs", "--config-name", "other")


@pytest.mark.parametrize("text", ["- 1", "a: [", "words"])
def test_a_config_that_cannot_be_read_is_named(tmp_path, text):
    write_run(tmp_path / "0", [])
    (tmp_path / "0/.hydra/config.yaml").write_text(text)
    with pytest.raises(ConfigError, match="not a config that can be read"):
        read(tmp_path / "0")


def test_what_is_better_is_as_the_summary_says(tmp_path):
    best = {"metric": "val/score", "mode": "max", "value": 2.0, "step": 22}
    write_run(tmp_path / "0", [], best=best)
    write_run(tmp_path / "1", [])
    assert (read(tmp_path / "0").mode, read(tmp_path / "1").mode) == ("max", None)
