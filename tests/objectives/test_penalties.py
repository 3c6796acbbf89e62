"""Penalties act on weights, by their formula."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from runner.objectives.penalties import l1, l2, matrix, nuclear, weights

PARAMETERS = {"kernel": jnp.arange(6.0).reshape(2, 3), "bias": jnp.ones(3), "filters": jnp.ones((2, 2, 1, 2))}


def test_weights_are_the_arrays_of_two_axes_and_more():
    assert sorted(leaf.shape for leaf in weights(PARAMETERS)) == [(2, 2, 1, 2), (2, 3)]


def test_a_filter_is_a_matrix_with_a_column_a_unit():
    filters = jnp.arange(24.0).reshape(2, 2, 3, 2)
    np.testing.assert_array_equal(matrix(filters)[:, 1], filters[..., 1].ravel())


def test_l2_is_the_sum_of_squares():
    expected = 0.5 * (sum(number**2 for number in range(6)) + 8)
    assert float(l2(weights(PARAMETERS), strength=0.5)) == expected


def test_l1_is_the_sum_of_sizes():
    signed = [-weights(PARAMETERS)[0], *weights(PARAMETERS)[1:]]
    assert float(l1(signed, strength=0.5)) == 0.5 * (sum(range(6)) + 8)


def test_nuclear_is_the_sum_of_singular_values():
    expected = np.linalg.norm(np.arange(6.0).reshape(2, 3), "nuc") + np.linalg.norm(np.ones((4, 2)), "nuc")
    assert float(nuclear(weights(PARAMETERS), strength=0.5)) == pytest.approx(0.5 * expected, rel=1e-6)


def test_the_gradient_of_l2_is_twice_the_weight():
    gradient = jax.grad(lambda parameters: l2(weights(parameters), strength=0.5))(PARAMETERS)
    np.testing.assert_allclose(gradient["kernel"], PARAMETERS["kernel"])
    np.testing.assert_array_equal(gradient["bias"], np.zeros(3))


def test_the_gradient_of_nuclear_is_that_of_its_singular_vectors():
    kernel = np.random.default_rng(0).normal(size=(4, 3)).astype(np.float32)
    left, _, right = np.linalg.svd(kernel, full_matrices=False)
    gradient = jax.grad(lambda kernel: nuclear([kernel], strength=0.5))(jnp.asarray(kernel))
    np.testing.assert_allclose(gradient, 0.5 * left @ right, atol=1e-5)
    # The norm has no gradient where singular values are 0 or alike; what stands for it is a number.
    alike = jax.grad(lambda kernel: nuclear([kernel], strength=0.5))(jnp.ones((3, 3)))
    assert jnp.isfinite(alike).all()
