"""Which classes are generated, and how near images are."""

import numpy as np
from scipy.spatial.distance import cdist

from runner.generation.nearest import nearest
from runner.generation.sampling import labels_like, stored


def test_classes_are_in_their_proportions():
    labels = labels_like([10, 20, 70], 50, seed=0)
    assert np.bincount(labels).tolist() == [5, 10, 35]
    assert not (np.diff(labels) >= 0).all()


def test_what_is_left_over_goes_to_the_largest_remainders():
    assert np.bincount(labels_like([1, 1, 1], 4, seed=0)).tolist() == [2, 1, 1]
    assert np.bincount(labels_like([5, 3, 0], 5, seed=0), minlength=3).tolist() == [3, 2, 0]


def test_the_seed_orders_them():
    assert (labels_like([9, 9], 18, seed=0) != labels_like([9, 9], 18, seed=1)).any()


def test_nearest_is_the_least_of_all_distances():
    random = np.random.default_rng(0)
    images, trained = random.random((300, 4, 4, 1)), random.random((70, 4, 4, 1))
    trained[0] = images[3]
    expected = cdist(images.reshape(300, -1), trained.reshape(70, -1)).min(axis=1) / 4
    np.testing.assert_allclose(nearest(images, trained), expected, atol=1e-6)
    assert nearest(images, trained)[3] == 0


def test_images_are_stored_as_the_data_are():
    images = np.array([0.0, 0.49, 1.0])
    assert stored(images, np.dtype(np.uint8), 16.0).tolist() == [0, 8, 16]
    assert stored(images, np.dtype(np.float32), 1.0).dtype == np.float32
