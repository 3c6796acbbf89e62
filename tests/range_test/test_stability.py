"""Gradient descent on a quadratic is stable up to 2 / (largest eigenvalue): the range test finds it."""

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
    "optimizer.learning_rate=2e-3",
    "steps=200",
    "find_lr.low=1e-3",
    "find_lr.high=3",
    "find_lr.steps=500",
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
    # From the rounding error that is left of it, the fastest direction must grow again: exp(sqrt(35 * step)).
    step = np.log(result.ramp.rates[1] / result.ramp.rates[0])
    assert limit < result.ramp.rates[-1] < 1.2 * np.exp(np.sqrt(35 * step)) * limit < 2.6 * limit
    assert result.reading.suggestion < limit


def test_trainings_are_good_up_to_the_limit_alone(found):
    result, limit = found
    assert result.choice.last < limit
    lost = [one.rate > limit for one in result.trained]
    assert lost == [one.diverged for one in result.trained]
    assert any(lost) and not all(lost)


def test_the_rate_of_the_config_is_found_too_low(found):
    result, _ = found
    assert result.standing.configured == 2e-3
    assert result.standing.verdict == "too low"
    assert result.standing.configured in [one.rate for one in result.trained]
