"""Rare classes and missing ones."""

import numpy as np
import pytest

from runner.doctor.data.balance import check_balance

CLASSES = ("ant", "bee", "cow")
VAL = np.array([0, 1, 2])


def _labels(*counts: int) -> np.ndarray:
    return np.repeat(np.arange(len(counts)), counts)


def test_even_classes_are_fine():
    checked = check_balance(_labels(10, 12, 20), VAL, CLASSES, None)
    assert checked.verdict == "ok" and "10 to 20 examples a class" in checked.said


@pytest.mark.parametrize("largest, severity", [(40, "remark"), (150, "warning"), (1500, "problem")])
def test_a_rare_class_is_named(largest, severity):
    (found,) = check_balance(_labels(10, largest, 12), VAL, CLASSES, None).findings
    assert (found.name, found.severity, found.suggestion) == (
        "imbalanced",
        severity,
        "class_weights=balanced",
    )
    assert "examples of bee for each of ant" in found.evidence.sentence


def test_what_makes_up_for_it_is_heard():
    (found,) = check_balance(_labels(10, 1500, 12), VAL, CLASSES, "sampler=balanced").findings
    assert (found.severity, found.suggestion) == ("remark", None)


def test_missing_classes_are_named():
    found = check_balance(_labels(10, 0, 10), np.array([0, 0]), CLASSES, None).findings
    assert [(one.name, one.severity, one.where) for one in found] == [
        ("missing_class", "problem", "train"),
        ("missing_class", "remark", "val"),
    ]
