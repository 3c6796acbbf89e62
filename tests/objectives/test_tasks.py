"""A data set's targets as the loss takes them, and what a user is shown."""

import jax.numpy as jnp
import numpy as np

from runner.objectives.tasks import (
    MAXIMISED,
    classification,
    grouping,
    is_maximised,
    reconstruction,
    regression,
)

INPUTS = jnp.arange(8.0).reshape(2, 2, 2, 1) / 8


def test_classes_are_one_hot_and_scores_are_probabilities():
    task = classification(3)
    np.testing.assert_array_equal(task.encode(jnp.array([2, 0]), INPUTS, "float32"), [[0, 0, 1], [1, 0, 0]])
    scores = task.scores(jnp.array([[1.0, 2.0, 3.0]]))
    np.testing.assert_allclose(scores, np.exp([[1, 2, 3]]) / np.exp([1, 2, 3]).sum(), rtol=1e-6)
    assert task.objective in MAXIMISED


def test_numbers_stay_as_they_are():
    task = regression(2)
    targets = jnp.array([[1.5, -2.0]])
    np.testing.assert_array_equal(task.encode(targets, INPUTS, "float32"), targets)
    np.testing.assert_array_equal(task.scores(targets), targets)
    assert task.objective not in MAXIMISED


def test_a_grouping_asks_for_the_group_of_a_class():
    task = grouping((0, 1, 0))
    np.testing.assert_array_equal(task.encode(jnp.array([2, 1]), INPUTS, "float32"), [[1, 0], [0, 1]])
    assert (task.outputs, task.classes) == (2, 2)


def test_a_reconstruction_asks_for_the_inputs():
    task = reconstruction((2, 2, 1))
    found = task.encode(jnp.array([2, 1]), INPUTS, "float32")
    np.testing.assert_array_equal(found, INPUTS.reshape(2, 4))
    assert (task.outputs, task.classes, list(task.metrics)) == (4, 0, ["mse"])


def test_more_of_a_tasks_accuracy_is_better_too():
    assert is_maximised("parity/accuracy") and not is_maximised("reconstruction/mse")
