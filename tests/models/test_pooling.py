"""Max-pooling, against flax's."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from flax import nnx

from models.layers.pooling import max_pool


@pytest.mark.parametrize("window", [(2, 2), (3, 2), (1, 1)])
@pytest.mark.parametrize("shape", [(2, 4, 6, 3), (2, 5, 7, 1), (1, 3, 3, 2)])
def test_agrees_with_flax(shape, window):
    # Without ties.
    x = jax.random.permutation(jax.random.key(0), jnp.arange(np.prod(shape), dtype=jnp.float32)).reshape(
        shape
    )

    @jax.jit
    def run(x):
        ours, gradient = jax.vjp(lambda x: max_pool(x, window), x)
        theirs, expected = jax.vjp(lambda x: nnx.max_pool(x, window, window), x)
        return ours, theirs, gradient(ours), expected(ours)

    ours, theirs, gradient, expected = run(x)
    np.testing.assert_array_equal(ours, theirs)
    np.testing.assert_array_equal(gradient, expected)


def test_ties_share_the_gradient():
    x = jnp.array([[1.0, 1.0], [0.0, 1.0]]).reshape(1, 2, 2, 1)
    gradient = jax.grad(lambda x: max_pool(x).sum())(x).reshape(2, 2)
    np.testing.assert_allclose(gradient, [[1 / 3, 1 / 3], [0, 1 / 3]], rtol=1e-6)


def test_tied_zeros_of_relu_get_no_gradient():
    x = -jnp.ones((1, 2, 2, 1))
    assert not jax.grad(lambda x: max_pool(jax.nn.relu(x)).sum())(x).any()


def test_nan_is_not_hidden():
    assert jnp.isnan(max_pool(jnp.ones((1, 2, 2, 1)).at[0, 1, 1].set(jnp.nan))).all()
