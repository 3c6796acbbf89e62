"""A permutation is the one that JAX draws, wherever it is drawn."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from runner.data.shuffling import _places, permutation


@pytest.mark.parametrize("count", [1, 2, 1437, 5000])  # in no round of bits, one, one and two
def test_it_is_that_of_jax(count):
    key = jax.random.key(3)
    found = jax.jit(lambda key: permutation(key, count))(key)
    np.testing.assert_array_equal(found, jax.random.permutation(key, count))
    assert found.dtype == jnp.int32


def test_it_is_the_same_under_vmap_and_in_float64():
    keys = jax.random.split(jax.random.key(5), 3)
    narrow = jax.vmap(lambda key: permutation(key, 50))(keys)
    with jax.enable_x64(True):
        wide = jax.vmap(lambda key: permutation(key, 50))(keys)
    np.testing.assert_array_equal(narrow, wide)
    np.testing.assert_array_equal(narrow, [jax.random.permutation(key, 50) for key in keys])


def test_equal_bits_keep_their_order():
    bits = np.asarray([7, 2**32 - 1, 0, 7, 0], np.uint32)
    np.testing.assert_array_equal(_places(jnp.asarray(bits)), np.argsort(bits, kind="stable"))
