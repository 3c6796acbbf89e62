"""What depends on the platform, taken out of a function: what is left says the same."""

import jax
import jax.numpy as jnp
import numpy as np

from models.layers.convolution import convolve
from runner.export.platforms import as_on_any_platform


def test_the_default_branch_stands_in_place_of_the_choice():
    kernel = jnp.asarray(np.random.default_rng(0).normal(size=(3, 3, 1, 2)), jnp.float32)

    @jax.jit
    def function(x: jax.Array) -> jax.Array:
        return jnp.max(jax.jit(convolve)(x, kernel), axis=(1, 2)) + 1

    images = jnp.asarray(np.random.default_rng(1).normal(size=(2, 4, 4, 1)), jnp.float32)
    found = as_on_any_platform(function)
    np.testing.assert_allclose(found(images), function(images), rtol=1e-6)
    assert "platform" in str(jax.make_jaxpr(function)(images))
    assert "platform" not in str(jax.make_jaxpr(found)(images))


def test_other_conditions_stay():
    def function(x: jax.Array) -> jax.Array:
        return jax.lax.cond(x.sum() > 0, lambda: x * 2, lambda: -x)

    for sign in (1.0, -1.0):
        x = jnp.full(3, sign)
        np.testing.assert_array_equal(as_on_any_platform(function)(x), function(x))
