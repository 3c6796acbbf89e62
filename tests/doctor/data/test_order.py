"""The order in which examples are visited."""

import numpy as np
import pytest

from runner.doctor.data.order import check_order

RANDOM = np.random.default_rng(0)
SORTED = np.sort(RANDOM.integers(0, 10, 1000))
STORED = np.arange(1000)


def _shuffled():
    return RANDOM.permutation(1000)


@pytest.mark.parametrize("targets", [SORTED, np.sort(RANDOM.normal(size=(1000, 1)), axis=0)])
def test_sorted_targets_are_a_problem_unless_they_are_shuffled(targets):
    (found,) = check_order(STORED, STORED, targets, 32).findings
    assert (found.name, found.severity, found.suggestion) == ("not_shuffled", "problem", "sampler=shuffle")
    assert check_order(_shuffled(), _shuffled(), targets, 32).verdict == "ok"


def test_one_order_for_all_epochs_is_remarked():
    order = _shuffled()
    (found,) = check_order(order, order, SORTED, 32).findings
    assert (found.name, found.severity) == ("not_shuffled", "remark")


def test_classes_in_turns_are_fine():
    turns = np.argsort(np.tile(np.arange(100), 10), kind="stable")
    assert check_order(turns, turns[::-1], SORTED, 32).verdict == "ok"


def test_a_full_batch_has_no_order():
    assert check_order(STORED, STORED, SORTED, 1000).verdict == "ok"
