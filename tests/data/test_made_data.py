"""Data sets that are made have what they say planted in them."""

import numpy as np
import pytest

from runner.data.dataset import DataError
from runner.data.low_rank import low_rank
from runner.data.polynomial import polynomial
from runner.data.rare_features import rare_features
from runner.data.zeros import zeros


def test_rare_features_decide_and_common_ones_say_nothing():
    found = rare_features(samples=6000, common=4, rare=50, present=3, seed=0)
    assert found.inputs.shape == (6000, 54) and set(np.unique(found.inputs)) == {0, 1}
    common, rare = found.inputs[:, :4], found.inputs[:, 4:]
    assert (rare.sum(axis=1) == 3).all()
    assert np.abs(common.mean(axis=0) - 0.5).max() < 0.03
    for feature in common.T:
        assert np.ptp([found.targets[feature == value].mean() for value in (0, 1)]) < 0.05
    assert 0.4 < found.targets.mean() < 0.6
    # A least-squares line through all that is rare parts the classes: each feature belongs to one of them.
    belongs = np.sign(np.linalg.lstsq(rare, 2.0 * found.targets - 1, rcond=None)[0])
    np.testing.assert_array_equal(rare @ belongs > 0, found.targets == 1)


def test_rare_features_are_rare_by_zipfs_law():
    found = rare_features(samples=20_000, common=0, rare=100, present=1, seed=1)
    expected = 1 / np.arange(1, 101) / np.sum(1 / np.arange(1, 101))
    np.testing.assert_allclose(found.inputs.mean(axis=0), expected, atol=0.01)


@pytest.mark.parametrize("present", [2, 51])
def test_an_even_number_of_rare_features_or_too_many_are_refused(present):
    with pytest.raises(DataError, match=f"dataset.present={present}: expected an odd number up to"):
        rare_features(samples=9, common=1, rare=50, present=present, seed=0)


def test_powers_are_of_the_same_points_whatever_the_degree():
    low, high = (polynomial(samples=2000, degree=degree, noise=0.3, seed=0) for degree in (1, 5))
    np.testing.assert_array_equal(low.targets, high.targets)
    np.testing.assert_allclose(high.inputs, low.inputs ** np.arange(1, 6), rtol=1e-6)
    residual = high.targets - np.sin(np.pi * low.inputs)
    assert residual.std() == pytest.approx(0.3, rel=0.05)
    assert -1 <= low.inputs.min() < -0.99 and 0.99 < low.inputs.max() <= 1
    np.testing.assert_array_equal(high.plane.inputs(high.plane.points), high.inputs)


def test_the_planted_map_has_its_rank_and_its_scale():
    found = low_rank(samples=5000, inputs=12, outputs=8, rank=3, noise=0.0, seed=0)
    mapped = np.linalg.lstsq(found.inputs, found.targets, rcond=None)[0]
    values = np.linalg.svd(mapped, compute_uv=False)
    np.testing.assert_allclose(values[:3], np.sqrt(8 / 3), rtol=1e-3)
    assert values[3:].max() < 1e-3
    assert np.square(found.targets).mean() == pytest.approx(1, rel=0.05)
    noisy = low_rank(samples=5000, inputs=12, outputs=8, rank=3, noise=0.5, seed=0)
    assert (noisy.targets - noisy.inputs @ mapped).std() == pytest.approx(0.5, rel=0.05)


def test_a_rank_that_no_map_has_is_refused():
    with pytest.raises(DataError, match=r"dataset\.rank=9: expected at most 8"):
        low_rank(samples=9, inputs=12, outputs=8, rank=9, noise=0.0, seed=0)


def test_zeros_are_zeros():
    found = zeros(samples=7)
    assert found.inputs.shape == found.targets.shape == (7, 1)
    assert not found.inputs.any() and not found.targets.any()
