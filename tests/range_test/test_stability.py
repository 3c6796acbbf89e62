"""Gradient descent on a quadratic is stable up to 2 / (largest eigenvalue of the Hessian): so are both halves."""

import numpy as np
import pytest

from runner.composition import compose
from runner.preparation import gather
from runner.range_test.course import UNWATCHED
from runner.range_test.testing import prepare_test, run_test
from runner.validation import validate

QUADRATIC = [
    "dataset=diabetes",
    "model=linear",
    "optimizer=sgd",
    "batch_size=full",
    "optimizer.learning_rate=1e-2",
    "find_lr.low=1e-3",
    "find_lr.high=10",
    "find_lr.steps=200",
]


@pytest.fixture(scope="module")
def found():
    """The range test of full-batch descent on a linear regression, and 2 / lambda_max."""
    config = compose(QUADRATIC)
    validate(config)
    material = gather(config)
    dataset = material.dataset
    inputs = dataset.inputs[dataset.train]
    for function in material.data.preprocessing:
        inputs = np.asarray(function(inputs / dataset.maximum))
    design = np.column_stack([inputs, np.ones(len(inputs))])
    hessian = 2 * design.T @ design / len(design)
    result = run_test(prepare_test(material), lambda name, steps: UNWATCHED)
    return result, 2 / np.linalg.eigvalsh(hessian).max()


def test_the_ramp_ends_soon_after_the_limit(found):
    result, limit = found
    assert result.ramp.blew_up
    # What has decayed for a hundred steps needs some to grow again: a few, as it does so exponentially.
    assert limit < result.ramp.rates[-1] < 3 * limit
    assert result.reading.suggestion < limit


def test_trainings_are_good_up_to_the_limit_alone(found):
    result, limit = found
    assert result.choice.last < limit
    stable = [one for one in result.trained if one.rate < 0.99 * limit]
    unstable = [one for one in result.trained if one.rate > 1.01 * limit]
    assert stable and unstable
    assert max(one.value for one in stable) < min(one.value for one in unstable if not one.diverged)
    assert any(one.diverged for one in unstable)


def test_the_rate_of_the_config_is_found_too_low(found):
    result, _ = found
    assert result.standing.configured == 1e-2
    assert result.standing.verdict == "too low"
    assert result.standing.configured in [one.rate for one in result.trained]
