"""Calibration, against loops over bins and examples."""

import numpy as np
import pytest

from runner.ensembles.calibration import reliability
from runner.ensembles.kinds import CLASSES, measured


@pytest.fixture
def classified() -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(0)
    return random.dirichlet(np.full(4, 0.5), 300), random.integers(4, size=300)


def test_the_expected_calibration_error_is_that_of_the_definition(classified):
    probabilities, labels = classified
    error = 0.0
    for b in range(1, 16):
        inside = [n for n in range(300) if (b - 1) / 15 < max(probabilities[n]) <= b / 15]
        if inside:
            accuracy = np.mean([probabilities[n].argmax() == labels[n] for n in inside])
            confidence = np.mean([max(probabilities[n]) for n in inside])
            error += len(inside) / 300 * abs(accuracy - confidence)
    assert reliability(probabilities, labels).error == pytest.approx(error)
    nll, accuracy, ece = measured(CLASSES, np.log(probabilities), labels)
    assert ece == pytest.approx(error)
    assert accuracy == np.mean(probabilities.argmax(axis=1) == labels)
    assert nll == pytest.approx(-np.mean([np.log(probabilities[n, labels[n]]) for n in range(300)]))


def test_who_is_right_as_often_as_said_has_no_error():
    probabilities = np.tile([0.75, 0.25], (400, 1))
    assert reliability(probabilities, np.repeat([0, 0, 0, 1], 100)).error == pytest.approx(0)


def test_who_is_sure_and_wrong_has_all_of_it():
    found = reliability(np.tile([1.0, 0.0], (10, 1)), np.ones(10, int))
    assert found.error == 1
    np.testing.assert_array_equal(found.counts, [*[0] * 14, 10])
