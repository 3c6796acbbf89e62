"""The tables are scikit-learn's, without its import."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from sklearn import datasets

from runner.data import scikit_learn
from runner.data.dataset import DataError


@pytest.mark.parametrize("name", ["iris", "wine", "breast_cancer"])
def test_classes_are_scikit_learns(name):
    ours, theirs = getattr(scikit_learn, name)(), getattr(datasets, f"load_{name}")()
    np.testing.assert_array_equal(ours.inputs, theirs.data.astype(np.float32))
    np.testing.assert_array_equal(ours.targets, theirs.target)
    assert ours.classes == tuple(theirs.target_names)
    assert (ours.inputs.dtype, ours.targets.dtype) == (np.float32, np.int32)


def test_numbers_are_scikit_learns():
    ours, theirs = scikit_learn.diabetes(), datasets.load_diabetes(scaled=False)
    np.testing.assert_array_equal(ours.inputs, theirs.data.astype(np.float32))
    np.testing.assert_array_equal(ours.targets[:, 0], theirs.target)
    assert ours.classes is None
    assert (ours.inputs.dtype, ours.targets.dtype) == (np.float32, np.float32)


def test_scikit_learn_is_not_imported():
    code = "import sys; from runner.data.scikit_learn import iris; iris(); print('sklearn' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout == "False\n"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"3,2,a,b\n1,2,0\n3,4,1\n", "2 rows where its header says 3"),
        (b"2,2,a,b\n1,2,0\n3,4\n", "inhomogeneous"),
        (b"2,2,a,b\n1,2,0\n3,four,1\n", "could not convert"),
        (b"not a table", "not scikit-learn's table"),
        (b"\xff\xfe", "codec"),
        (None, "No such file"),
    ],
)
def test_a_broken_file_is_one_line(content, said, tmp_path, monkeypatch):
    path: Path = tmp_path / "iris.csv"
    if content is not None:
        path.write_bytes(content)
    monkeypatch.setattr(scikit_learn, "installed_file", lambda *_: path)
    with pytest.raises(DataError) as error:
        scikit_learn.iris()
    assert str(error.value).startswith(f"{path}: ") and said in str(error.value)
    assert "\n" not in str(error.value)


def test_a_truncated_archive_is_one_line(tmp_path, monkeypatch):
    path: Path = tmp_path / "numbers.csv.gz"
    path.write_bytes(scikit_learn.installed_file("diabetes", "diabetes_target.csv.gz").read_bytes()[:500])
    monkeypatch.setattr(scikit_learn, "installed_file", lambda *_: path)
    with pytest.raises(DataError, match=r"numbers\.csv\.gz: .* reinstall"):
        scikit_learn.diabetes()


def test_without_scikit_learn_it_says_what_to_install(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(DataError, match=r"wine: scikit-learn is not installed.*pip install"):
        scikit_learn.wine()
