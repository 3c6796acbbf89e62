"""A data set's targets as the loss takes them, and what a user is shown."""

import jax.numpy as jnp
import numpy as np

from runner.objectives.tasks import MAXIMISED, classification, regression


def test_classes_are_one_hot_and_scores_are_probabilities():
    task = classification(3)
    np.testing.assert_array_equal(task.encode(jnp.array([2, 0]), "float32"), [[0, 0, 1], [1, 0, 0]])
    scores = task.scores(jnp.array([[1.0, 2.0, 3.0]]))
    np.testing.assert_allclose(scores, np.exp([[1, 2, 3]]) / np.exp([1, 2, 3]).sum(), rtol=1e-6)
    assert task.objective in MAXIMISED


def test_numbers_stay_as_they_are():
    task = regression()
    targets = jnp.array([[1.5, -2.0]])
    np.testing.assert_array_equal(task.encode(targets, "float32"), targets)
    np.testing.assert_array_equal(task.scores(targets), targets)
    assert task.objective not in MAXIMISED
