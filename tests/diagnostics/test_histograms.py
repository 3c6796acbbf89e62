"""Histograms against NumPy's."""

import jax.numpy as jnp
import numpy as np
import pytest

from runner.diagnostics.histograms import BINS, MOST, histogram

DRAW = np.random.default_rng(0)


def test_all_numbers_of_all_arrays_are_counted():
    arrays = [DRAW.normal(size=(30, 7)), 3 + DRAW.normal(size=50)]
    numbers = np.concatenate([array.ravel() for array in arrays]).astype(np.float32)
    found = histogram([jnp.asarray(array, jnp.float32) for array in arrays])
    counts, edges = np.histogram(numbers, BINS)
    np.testing.assert_array_equal(found.counts, counts)
    assert (float(found.low), float(found.high)) == pytest.approx((edges[0], edges[-1]))
    assert float(found.sum) == pytest.approx(numbers.sum(), rel=1e-5)
    assert float(found.squares) == pytest.approx(np.square(numbers).sum(), rel=1e-5)


def test_what_is_not_finite_is_left_out():
    found = histogram([jnp.array([1.0, jnp.nan, 2.0, jnp.inf, -jnp.inf])])
    assert (found.low, found.high, found.sum, found.squares) == (1, 2, 3, 5)
    assert found.counts.tolist() == [1, *[0] * (BINS - 2), 1]
    assert histogram([jnp.array([jnp.nan])]).counts.sum() == 0


def test_one_number_alone():
    found = histogram([jnp.full(5, 2.0)])
    assert found.counts.sum() == 5 and (found.low, found.high) == (2, 2)


@pytest.mark.parametrize("units", [1, 16, 30, 128])
def test_of_many_numbers_a_part_of_every_unit_is_counted(units):
    # Every unit has a number of its own, and all have as many.
    values = jnp.broadcast_to(jnp.arange(units, dtype=jnp.float32), (4 * MOST // units, units))
    found = histogram([values])
    assert MOST // 4 < found.counts.sum() <= MOST
    mean = float(found.sum) / float(found.counts.sum())
    assert mean == pytest.approx((units - 1) / 2, rel=0.01, abs=1e-9)
