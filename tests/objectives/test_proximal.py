"""Proximal steps and projections reach the minima that define them; measures are their formulas."""

import jax.numpy as jnp
import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.stats import hmean

from runner.objectives.measures import effective_rank, largest_norm, weight_norm, zeros
from runner.objectives.projections import max_norm
from runner.objectives.proximal import hard_threshold, singular_value_threshold, soft_threshold

RANDOM = np.random.default_rng(0)
WEIGHT = RANDOM.normal(size=(6, 4)).astype(np.float32)
STEPS = RANDOM.uniform(0.1, 2, size=(6, 4)).astype(np.float32)
GRID = np.linspace(-4, 4, 160_001)
TERMS = {"l1": (soft_threshold, np.abs), "l0": (hard_threshold, lambda w: (w != 0).astype(float))}


@pytest.mark.parametrize("steps", [STEPS, 0.7])
@pytest.mark.parametrize("name", TERMS)
def test_a_threshold_minimises_its_term_and_the_way_to_it(name, steps):
    operator, term = TERMS[name]
    found = np.asarray(operator(jnp.asarray(WEIGHT), jnp.asarray(steps), strength=0.4))
    for value, step, reached in zip(
        WEIGHT.ravel(), np.broadcast_to(steps, WEIGHT.shape).ravel(), found.ravel(), strict=True
    ):
        grid = np.append(GRID, [0.0, value])
        costs = 0.4 * term(grid) + (grid - value) ** 2 / (2 * step)
        assert reached == pytest.approx(grid[costs.argmin()], abs=1e-4)
    assert 0 < np.sum(found == 0) < found.size


def test_thresholding_singular_values_minimises_their_sum_and_the_way_to_it():
    found = np.asarray(singular_value_threshold(jnp.asarray(WEIGHT), 0.5, strength=1.2), np.float64)

    def cost(flat: np.ndarray) -> float:
        return 1.2 * np.linalg.norm(flat.reshape(6, 4), "nuc") + np.sum((flat.reshape(6, 4) - WEIGHT) ** 2)

    nearby = minimize(cost, found.ravel(), method="Powell", options={"maxiter": 3})
    assert cost(found.ravel()) <= nearby.fun + 1e-5
    before, after = (np.linalg.svd(w, compute_uv=False) for w in (WEIGHT, found))
    np.testing.assert_allclose(after, np.maximum(before - 0.6, 0), atol=1e-5)
    assert (after > 1e-4).sum() < (before > 1e-4).sum() or before.min() > 0.6


def test_a_filter_is_thresholded_as_a_matrix_by_the_harmonic_mean_of_its_steps():
    filters, steps = WEIGHT.reshape(1, 2, 3, 4), STEPS.reshape(1, 2, 3, 4)
    found = singular_value_threshold(jnp.asarray(filters), jnp.asarray(steps), strength=0.5)
    expected = singular_value_threshold(jnp.asarray(WEIGHT), hmean(STEPS, axis=None), strength=0.5)
    assert found.shape == filters.shape
    np.testing.assert_allclose(found.reshape(6, 4), expected, atol=1e-6)


@pytest.mark.parametrize("shape", [(6, 4), (1, 2, 3, 4)])
def test_max_norm_shortens_the_columns_that_are_too_long(shape):
    weight = WEIGHT * np.array([0.1, 1, 5, 0], np.float32)
    found = np.asarray(max_norm(jnp.asarray(weight.reshape(shape)), strength=1.5)).reshape(6, 4)
    norms = np.linalg.norm(weight, axis=0)
    assert norms[0] < 1.5 < norms[1]
    np.testing.assert_array_equal(found[:, [0, 3]], weight[:, [0, 3]])
    np.testing.assert_allclose(found[:, 1:3], weight[:, 1:3] * 1.5 / norms[1:3], rtol=1e-6)


def test_measures():
    first, second = np.diag([3.0, 0, 0]).astype(np.float32), np.diag([2.0, 2.0]).astype(np.float32)
    both = [jnp.asarray(first), jnp.asarray(second)]
    assert float(zeros(both)) == pytest.approx(10 / 13)
    assert float(weight_norm(both)) == pytest.approx(np.sqrt(17))
    assert float(largest_norm(both)) == 3
    assert float(effective_rank(both)) == pytest.approx((1 + 2) / 2)
    assert float(effective_rank([jnp.zeros((2, 2))])) == 0
    uneven = np.array([0.75, 0.25])
    expected = np.exp(-(uneven * np.log(uneven)).sum())
    assert float(effective_rank([jnp.diag(jnp.array([3.0, 1.0]))])) == pytest.approx(expected, rel=1e-6)
