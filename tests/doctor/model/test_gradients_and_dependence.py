"""Gradients beside differences, and what outputs depend on, from arrays."""

import numpy as np

from runner.doctor.model.dependence import check_features_used, check_independence
from runner.doctor.model.gradients import check_differences, check_reached

GRADIENTS = np.array([1.0, -0.5, 0.01, 0.0])
SAME = np.column_stack([GRADIENTS * 1.0001, GRADIENTS])


def _named(checked):
    return [(found.name, found.severity) for found in checked.findings]


def test_right_gradients_are_fine():
    checked = check_differences(GRADIENTS, SAME)
    assert checked.verdict == "ok" and "4 of 4 entries" in checked.said


def test_a_wrong_gradient_is_named():
    wrong = GRADIENTS.copy()
    wrong[1] = 0.5
    assert _named(check_differences(wrong, SAME)) == [("wrong_gradient", "problem")]


def test_a_kink_tells_nothing():
    differences = SAME.copy()
    differences[0] = 0.7, 0.2
    checked = check_differences(GRADIENTS, differences)
    assert checked.verdict == "ok" and "3 of 4 entries" in checked.said


def test_parameters_without_a_gradient_are_named():
    some, none = np.array([1e-30, 2.0]), np.array([0.0, 2.0])

    def found(first, then):
        checked = check_reached(first, then, ["a.kernel", "a.bias"], 16, "initializer=x", "rate=y")
        return [(one.name, one.where, one.since, one.suggestion) for one in checked.findings]

    assert found(some, some) == found(none, some) == []
    assert found(none, none) == [("no_gradient", "a.kernel", None, "initializer=x")]
    assert found(some, none) == [("dead_units", "a.kernel", 16, "rate=y")]


def test_ignored_features_are_named():
    reach = np.ones((8, 8, 1))
    assert check_features_used(reach, 16).verdict == "ok"
    reach[7, 7] = 0
    assert _named(check_features_used(reach, 16)) == [("ignored_features", "warning")]
    reach[7] = 0
    assert _named(check_features_used(reach, 16)) == [("ignored_features", "problem")]


def test_outputs_that_change_with_their_neighbours_are_named():
    outputs = np.ones((4, 3))
    assert check_independence(outputs, outputs + 1e-9).verdict == "ok"
    assert _named(check_independence(outputs, outputs + 1e-3)) == [("batch_dependence", "problem")]
