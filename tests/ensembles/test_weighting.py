"""Weights on the simplex: the losses against loops, the minimum against other ways to it."""

import numpy as np
import pytest

from runner.ensembles.mixtures import likelihood_loss, square_loss
from runner.ensembles.weighting import best_weights


@pytest.fixture
def likelihoods() -> np.ndarray:
    return np.random.default_rng(0).beta([[4], [2], [3]], 2, (3, 200))


@pytest.fixture
def residuals() -> np.ndarray:
    random = np.random.default_rng(1)
    common = random.normal(size=(1, 50, 2))
    return common + random.normal(size=(3, 50, 2)) * np.array([1.0, 2.0, 1.2])[:, None, None]


def test_the_losses_are_those_of_the_mixture(likelihoods, residuals):
    weights = np.array([[0.2, 0.3, 0.5], [1, 0, 0]])
    for own, likelihood, square in zip(
        weights,
        likelihood_loss(likelihoods).values(weights),
        square_loss(residuals).values(weights),
        strict=True,
    ):
        mixed = [sum(own[m] * likelihoods[m, n] for m in range(3)) for n in range(200)]
        assert likelihood == pytest.approx(-np.mean(np.log(mixed)))
        assert square == pytest.approx(np.mean(np.square(np.tensordot(own, residuals, axes=1))))


def test_the_gradients_are_slopes(likelihoods, residuals):
    weights = np.array([0.2, 0.3, 0.5])
    for loss in (likelihood_loss(likelihoods), square_loss(residuals)):
        steps = 1e-6 * np.eye(3)
        slopes = (loss.values(weights + steps) - loss.values(weights - steps)) / 2e-6
        np.testing.assert_allclose(loss.gradient(weights), slopes, rtol=1e-6)


def test_the_most_likely_weights_are_those_of_expectation_maximisation(likelihoods):
    weights = np.full(3, 1 / 3)
    for _ in range(20_000):
        shares = weights[:, None] * likelihoods
        weights = (shares / shares.sum(axis=0)).mean(axis=1)
    np.testing.assert_allclose(best_weights(likelihood_loss(likelihoods)), weights, atol=2e-3)


def test_no_weights_of_a_fine_grid_are_better(residuals):
    loss, ticks = square_loss(residuals), np.linspace(0, 1, 201)
    grid = np.array([(a, b, 1 - a - b) for a in ticks for b in ticks if a + b <= 1 + 1e-9])
    found = best_weights(loss)
    assert found.sum() == pytest.approx(1) and (found >= 0).all()
    assert loss.values(found[None])[0] <= loss.values(grid).min() + 1e-6


def test_a_member_that_only_harms_has_no_weight(likelihoods):
    useless = np.full((1, 200), 1e-3)
    weights = best_weights(likelihood_loss(np.concatenate([likelihoods, useless])))
    assert weights[3] == 0 and weights.sum() == pytest.approx(1)
