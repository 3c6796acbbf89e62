"""The energy score, and the loss of a generator."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.spatial.distance import cdist

from runner.objectives.generation import generation, judged, sum_of_terms

TERMS = ("first", "second")


class Gaussian:
    """Generates points about a mean of each class."""

    def __init__(self, means: np.ndarray, deviation: float) -> None:
        self.means, self.deviation = jnp.asarray(means), deviation

    def __call__(self, inputs, classes):
        return jnp.stack([jnp.ones(len(inputs)), jnp.arange(len(inputs), dtype=float)], axis=-1)

    def generate(self, key, classes):
        return classes @ self.means + self.deviation * jax.random.normal(key, (len(classes), 3))


MEANS = np.array([[0.0, 0, 0], [3, 0, 0]])


@pytest.fixture(scope="module")
def points():
    labels = np.arange(400) % 2
    inputs = MEANS[labels] + np.random.default_rng(0).normal(size=(400, 3))
    return jnp.asarray(inputs, jnp.float32), jax.nn.one_hot(labels, 2)


def columns(network, points):
    outputs, targets = judged(network, *points), points[1]
    metrics = generation(2, TERMS).metrics
    return {name: float(metric(outputs, targets, jnp.ones(len(outputs)))) for name, metric in metrics.items()}


def test_the_energy_score_is_least_for_what_is_distributed_as_the_data(points):
    right = columns(Gaussian(MEANS, 1.0), points)["energy_score"]
    for wrong in (
        Gaussian(MEANS, 0.01),
        Gaussian(MEANS, 2.5),
        Gaussian(MEANS[::-1], 1.0),
        Gaussian(MEANS + 1, 1.0),
    ):
        assert columns(wrong, points)["energy_score"] > right + 0.02


def test_spreads_are_mean_distances_within_a_class(points):
    found, (inputs, classes) = columns(Gaussian(MEANS, 1.0), points), points
    rows = [np.asarray(inputs)[np.asarray(classes)[:, k] == 1] for k in (0, 1)]
    expected = np.mean([cdist(own, own)[~np.eye(len(own), dtype=bool)].mean() for own in rows]) / np.sqrt(3)
    assert found["data_spread"] == pytest.approx(expected, rel=1e-4)
    assert found["spread"] == pytest.approx(expected, rel=0.1)


def test_the_loss_is_the_sum_of_the_terms(points):
    loss = sum_of_terms(TERMS)
    outputs = judged(Gaussian(MEANS, 1.0), *points)
    np.testing.assert_allclose(loss(outputs, points[1]), 1 + np.arange(400))
    np.testing.assert_allclose(loss(outputs[:, :2], points[1]), 1 + np.arange(400))
    with pytest.raises(ValueError, match="expected the terms first, second"):
        loss(outputs[:, :1], points[1])
