"""The same example twice, and nearly the same."""

from dataclasses import replace

import numpy as np
import pytest

from runner.data.dataset import Dataset
from runner.doctor.data.copies import check_copies, contents
from runner.doctor.data.neighbours import check_neighbours, near_copies

RANDOM = np.random.default_rng(0)
SPLITS = np.split(np.arange(500, dtype=np.int32), [300, 400])


def _dataset() -> Dataset:
    inputs, targets = RANDOM.normal(size=(500, 12)), RANDOM.integers(0, 2, 500)
    return Dataset(inputs.astype(np.float32), targets.astype(np.int32), *SPLITS, ("a", "b"), 1.0)


def _checked(dataset: Dataset):
    return check_copies(dataset, contents(dataset.inputs))


def test_equal_examples_have_equal_numbers():
    inputs = np.array([[1, 2], [3, 4], [1, 2], [0, 4]], np.float32)
    assert contents(inputs).tolist() == [0, 1, 0, 2]


def test_different_examples_are_fine():
    assert _checked(_dataset()).verdict == "ok"


@pytest.mark.parametrize("copies, severity", [(1, "remark"), (20, "problem")])
@pytest.mark.parametrize("split, first", [("val", 300), ("test", 400)])
def test_examples_of_val_and_test_in_train_are_a_leak(split, first, copies, severity):
    dataset = _dataset()
    dataset.inputs[first : first + copies] = dataset.inputs[:copies]
    (found,) = _checked(dataset).findings
    assert (found.name, found.severity, found.where) == ("leak", severity, split)
    assert found.evidence.numbers == {"examples": copies, "share": copies / 100}


def test_copies_in_train_and_their_contradictions_are_named():
    dataset = _dataset()
    dataset.inputs[10:40] = dataset.inputs[50:80]
    dataset.targets[10:40] = dataset.targets[50:80]
    dataset.targets[10:20] = 1 - dataset.targets[10:20]
    found = {one.name: one for one in _checked(dataset).findings}
    assert set(found) == {"duplicates", "contradictions"}
    assert found["duplicates"].severity == "warning"
    assert found["contradictions"].evidence.numbers["examples"] == 10


def test_contradicting_numbers_are_named_too():
    dataset = replace(_dataset(), classes=None, targets=RANDOM.normal(size=(500, 1)))
    dataset.inputs[7] = dataset.inputs[3]
    assert [one.name for one in _checked(dataset).findings] == ["duplicates", "contradictions"]


def test_near_copies_are_found_and_no_others():
    train, val = RANDOM.normal(size=(2000, 100)), RANDOM.normal(size=(200, 100))
    val[[3, 50]] = train[[7, 1999]] + 0.01 * RANDOM.normal(size=(2, 100))
    val[60] = train[5]  # a copy is no near-copy
    own, other = near_copies(val.astype(np.float32), train.astype(np.float32))
    assert (own.tolist(), other.tolist()) == ([3, 50], [7, 1999])


def test_clusters_are_no_near_copies():
    middles = 10 * RANDOM.normal(size=(20, 100))
    points = middles[RANDOM.integers(0, 20, 1200)] + RANDOM.normal(size=(1200, 100))
    assert len(near_copies(points[:200], points[200:])[0]) == 0


def test_near_copies_are_a_warning_where_they_are_many():
    pairs = np.arange(5), np.arange(5)
    (found,) = check_neighbours(pairs, 100, 100, 1000, 1000).findings
    assert (found.name, found.severity) == ("near_duplicates", "warning")
    assert check_neighbours((pairs[0][:0], pairs[1][:0]), 100, 100, 1000, 1000).verdict == "ok"
    assert check_neighbours(None, 1, 1, 1, 1).verdict == "skipped"
