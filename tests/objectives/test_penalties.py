"""Penalties act on weights, by their formula."""

import jax
import jax.numpy as jnp
import numpy as np

from runner.objectives.penalties import l2, weights

PARAMETERS = {"kernel": jnp.arange(6.0).reshape(2, 3), "bias": jnp.ones(3), "filters": jnp.ones((2, 2, 1, 2))}


def test_weights_are_the_arrays_of_two_axes_and_more():
    assert sorted(leaf.shape for leaf in weights(PARAMETERS)) == [(2, 2, 1, 2), (2, 3)]


def test_l2_is_the_sum_of_squares():
    expected = 0.5 * (sum(number**2 for number in range(6)) + 8)
    assert float(l2(weights(PARAMETERS), strength=0.5)) == expected


def test_the_gradient_of_l2_is_twice_the_weight():
    gradient = jax.grad(lambda parameters: l2(weights(parameters), strength=0.5))(PARAMETERS)
    np.testing.assert_allclose(gradient["kernel"], PARAMETERS["kernel"])
    np.testing.assert_array_equal(gradient["bias"], np.zeros(3))
