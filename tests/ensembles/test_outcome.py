"""What an ensemble gains, with its intervals."""

import numpy as np
import pytest

from runner.ensembles.bootstrap import RESAMPLES, interval, resampled_means
from runner.ensembles.kinds import CLASSES, NUMBERS, measured
from runner.ensembles.outcome import judge

EXAMPLES = 400


@pytest.fixture
def numbers() -> tuple[np.ndarray, np.ndarray]:
    """What three members say, and targets."""
    random = np.random.default_rng(0)
    targets = random.normal(size=(EXAMPLES, 1))
    return targets + random.normal(size=(3, EXAMPLES, 1)), targets


def test_resamples_are_means_of_drawn_examples():
    values = np.random.default_rng(1).normal(size=(30, 2))
    found = resampled_means(values, 150)
    random = np.random.default_rng(0)
    first = random.integers(30, size=(100, 30))
    np.testing.assert_allclose(found[:100], values[first].mean(axis=1))
    assert found.shape == (150, 2)


def test_the_interval_of_a_mean_is_the_normal_one():
    values = np.random.default_rng(2).normal(size=(2000, 1))
    low, high = interval(resampled_means(values)[:, 0])
    half = 1.96 * values.std() / np.sqrt(len(values))
    assert (low, high) == pytest.approx((values.mean() - half, values.mean() + half), abs=half / 10)


def test_means_are_of_the_members_and_gains_are_differences(numbers):
    said, targets = numbers
    outcome = judge(NUMBERS, said.mean(axis=0), said, 1, targets)
    each = [float(np.mean(np.square(own - targets))) for own in said]
    whole = float(np.mean(np.square(said.mean(axis=0) - targets)))
    assert outcome.ensemble["mse"].value == pytest.approx(whole)
    assert outcome.best_single["mse"].value == pytest.approx(each[1])
    assert outcome.mean_single["mse"].value == pytest.approx(np.mean(each))
    assert outcome.over_best["mse"].value == pytest.approx(whole - each[1])
    assert outcome.over_mean["mse"].value == pytest.approx(whole - np.mean(each))
    assert [own["mse"] for own in outcome.members] == pytest.approx(each)


def test_gains_are_paired(numbers):
    said, targets = numbers
    outcome = judge(NUMBERS, said[0] + 1e-3, said, 0, targets)
    low, high = outcome.over_best["mse"].low, outcome.over_best["mse"].high
    assert high - low < 0.01 * (outcome.ensemble["mse"].high - outcome.ensemble["mse"].low)


def test_calibration_is_measured_in_every_resample():
    random = np.random.default_rng(3)
    logs = np.log(random.dirichlet(np.ones(3), (2, 50)))
    labels = random.integers(3, size=50)
    outcome = judge(CLASSES, logs[0], logs, 0, labels)
    drawn = np.random.default_rng(0).integers(50, size=(100, 50))
    again = [measured(CLASSES, logs[0][own], labels[own])[2] for own in drawn]
    columns = resampled_means(CLASSES.columns(logs[0], labels), RESAMPLES)
    np.testing.assert_allclose(CLASSES.measure(columns)[:100, 2], again)
    assert outcome.ensemble["ece"].low < np.median(again) < outcome.ensemble["ece"].high
