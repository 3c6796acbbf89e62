"""Which folders are runs."""

import shutil

import pytest

from runner.comparison.discovery import MARK, find_runs, unread_caution
from runner.errors import ConfigError
from tests.comparison.sweep_files import write_run


def test_runs_of_sweeps_by_number(tmp_path):
    for number in (0, 2, 10):
        write_run(tmp_path / "day/sweep" / str(number), [f"batch_size={number + 8}"])
    found = find_runs([tmp_path])
    assert [run.name for run in found.runs] == ["0", "2", "10"]
    assert {run.source for run in found.runs} == {tmp_path}


def test_names_tell_runs_of_several_sweeps_apart_and_no_run_is_there_twice(tmp_path):
    write_run(tmp_path / "a/0", [])
    write_run(tmp_path / "b/0", [])
    found = find_runs([tmp_path / "a", tmp_path / "b", tmp_path])
    assert [run.name for run in found.runs] == ["a/0", "b/0"]


def test_stores_hidden_folders_and_comparisons_hold_no_runs(tmp_path):
    write_run(tmp_path / "0", [])
    for name in ("checkpoints", ".hidden", "comparison"):
        shutil.copytree(tmp_path / "0", tmp_path / name / "0")
    (tmp_path / "comparison" / MARK).touch()
    assert len(find_runs([tmp_path]).runs) == 1


def test_a_run_that_cannot_be_read_is_named_and_the_others_are_compared(tmp_path):
    for number in range(2):
        write_run(tmp_path / str(number), [])
    (tmp_path / "1/summary.json").write_text('{"status": "compl')
    found = find_runs([tmp_path])
    assert [run.name for run in found.runs] == ["0"]
    (sentence,) = unread_caution(found.unread)
    assert sentence.startswith(f"1 run could not be read: {tmp_path / '1/summary.json'}")
    assert unread_caution([]) == []


def test_a_run_alone(tmp_path):
    write_run(tmp_path / "0", [])
    assert len(find_runs([tmp_path / "0"]).runs) == 1


def test_nothing_to_compare_is_one_line(tmp_path):
    with pytest.raises(ConfigError, match="there is no such folder"):
        find_runs([tmp_path / "nowhere"])
    with pytest.raises(ConfigError, match="holds no run"):
        find_runs([tmp_path])
    write_run(tmp_path / "0", [])
    (tmp_path / "0/summary.json").write_text("[]")
    with pytest.raises(ConfigError, match="not one of a run"):
        find_runs([tmp_path])
