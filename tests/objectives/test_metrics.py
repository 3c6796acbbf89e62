"""Metrics are scikit-learn's, and what pads a batch does not count."""

import jax.numpy as jnp
import numpy as np
import pytest
from sklearn import metrics as reference

from runner.objectives import metrics

RANDOM = np.random.default_rng(0)
OUTPUTS = RANDOM.normal(size=(50, 3)).astype(np.float32)
NUMBERS = (OUTPUTS + RANDOM.normal(size=(50, 3))).astype(np.float32)
LABELS = RANDOM.integers(0, 3, 50)
ONE_HOT = np.eye(3, dtype=np.float32)[LABELS]

CASES = {
    "accuracy": (metrics.accuracy, ONE_HOT, reference.accuracy_score(LABELS, OUTPUTS.argmax(axis=1))),
    "mse": (metrics.mse, NUMBERS, reference.mean_squared_error(NUMBERS, OUTPUTS)),
    "r2": (metrics.r2, NUMBERS, reference.r2_score(NUMBERS, OUTPUTS)),
}


@pytest.mark.parametrize("name", CASES)
def test_it_is_scikit_learns(name):
    metric, targets, expected = CASES[name]
    found = metric(jnp.asarray(OUTPUTS), jnp.asarray(targets), jnp.ones(50))
    assert float(found) == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("name", CASES)
def test_padding_does_not_count(name):
    metric, targets, expected = CASES[name]
    outputs = np.concatenate([OUTPUTS, np.full((14, 3), 1e3, np.float32)])
    padded = np.concatenate([targets, np.full((14, 3), -1e3, np.float32)])
    weights = np.concatenate([np.ones(50), np.zeros(14)]).astype(np.float32)
    found = metric(jnp.asarray(outputs), jnp.asarray(padded), jnp.asarray(weights))
    assert float(found) == pytest.approx(expected, rel=1e-5)
