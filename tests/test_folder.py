"""Folders of runs."""

import math
from concurrent.futures import ThreadPoolExecutor

import pytest

from runner import folder as folders
from runner.errors import ConfigError


def test_runs_of_one_second_have_a_folder_each(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(folders.create, [None] * 64))
    assert len(set(made)) == 64
    assert all((path / ".hydra").is_dir() and path.parts[:2] == ("outputs", "runs") for path in made)


def test_of_runs_that_chose_one_folder_one_gets_it(tmp_path):
    def create(_: int) -> bool:
        try:
            folders.create(tmp_path / "chosen")
        except ConfigError as error:
            assert "the folder is not empty; choose a new one" in str(error)
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(create, range(64))) == 1


def test_an_occupied_folder_is_refused(tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(ConfigError, match="not empty"):
        folders.create(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_summary_has_null_for_what_is_not_finite(tmp_path):
    summary = {"metrics": {"val/mse": math.inf, "val/loss": 1.5}, "best": {"value": math.nan}, "steps": 3}
    folders.write_summary(tmp_path, summary)
    found = folders.read_summary(tmp_path)
    assert found == {"metrics": {"val/mse": None, "val/loss": 1.5}, "best": {"value": None}, "steps": 3}
