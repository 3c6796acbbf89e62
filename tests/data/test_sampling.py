"""An epoch visits each example once, or each class equally often."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy import stats

from runner.data.dataset import DataError
from runner.data.sampling import balanced, sequential, shuffle

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


LABELS = np.random.default_rng(0).permutation(np.repeat([0, 2, 3, 7], [50, 30, 15, 6]))  # n = 101


def test_balanced_draws_each_class_equally_often():
    orders = jax.vmap(lambda key: balanced(key, jnp.asarray(LABELS)))(
        jax.random.split(jax.random.key(0), 400)
    )
    more = np.zeros(8, int)
    for order in np.asarray(orders):
        drawn = np.bincount(order, minlength=101)
        counts = np.bincount(LABELS[order], minlength=8)
        assert sorted(counts[[0, 2, 3, 7]]) == [25, 25, 25, 26]
        more += counts == 26
        for label in (0, 2, 3, 7):
            own = drawn[label == LABELS]
            assert own.max() - own.min() <= 1  # those of a class equally often
    assert stats.chisquare(more[[0, 2, 3, 7]]).pvalue > 1e-3
    assert orders.dtype == jnp.int32
    # Over many epochs every example of the largest class has its turns, and no class its place.
    often = np.bincount(np.asarray(orders).ravel(), minlength=101)[LABELS == 0]
    assert abs(often - often.mean()).max() < 5 * np.sqrt(often.mean())
    assert stats.chisquare(np.bincount(LABELS[orders[:, 0]], minlength=8)[[0, 2, 3, 7]]).pvalue > 1e-3


def test_balanced_is_a_permutation_where_the_classes_are():
    labels = jnp.arange(40) % 4
    order = np.asarray(balanced(jax.random.key(0), labels))
    np.testing.assert_array_equal(np.sort(order), np.arange(40))
    assert not np.array_equal(order, balanced(jax.random.key(1), labels))


def test_balanced_refuses_numbers():
    with pytest.raises(DataError, match="sampler=balanced needs classes"):
        balanced(jax.random.key(0), jnp.zeros((40, 1)))
