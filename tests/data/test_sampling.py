"""An epoch visits each example once."""

import jax
import jax.numpy as jnp
import numpy as np
from scipy import stats

from runner.data.sampling import sequential, shuffle

TARGETS = jnp.zeros(40, jnp.int32)


def test_shuffle_visits_each_example_once():
    orders = [np.asarray(shuffle(jax.random.key(seed), TARGETS)) for seed in range(3)]
    for order in orders:
        np.testing.assert_array_equal(np.sort(order), np.arange(40))
    assert not np.array_equal(orders[0], orders[1])
    np.testing.assert_array_equal(orders[0], shuffle(jax.random.key(0), TARGETS))


def test_shuffle_is_uniform():
    keys = jax.random.split(jax.random.key(0), 4000)
    firsts = jax.vmap(lambda key: shuffle(key, TARGETS)[0])(keys)
    assert stats.chisquare(np.bincount(firsts, minlength=40)).pvalue > 1e-3


def test_sequential_keeps_the_stored_order():
    np.testing.assert_array_equal(sequential(jax.random.key(0), TARGETS), np.arange(40))
