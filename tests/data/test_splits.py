"""Splits are stratified, disjoint, and fixed by their own seed."""

import numpy as np
import pytest

from runner.data.dataset import DataError, Plane, Source
from runner.data.splits import split

COMMON = {"split_seed": 0, "subset": None, "label_noise": 0.0, "val_fraction": 0.1, "test_fraction": 0.2}
COUNTS = (400, 250, 150, 7)


@pytest.fixture(scope="module")
def source() -> Source:
    targets = np.random.default_rng(1).permutation(np.repeat(np.arange(len(COUNTS)), COUNTS))
    inputs = np.arange(len(targets), dtype=np.float32)[:, None]
    return Source(inputs, targets.astype(np.int32), tuple("abcd"), 1.0)


def parts(dataset) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return dataset.train, dataset.val, dataset.test


def test_every_example_is_in_one_split(source):
    joined = np.concatenate(parts(split(source, **COMMON)))
    np.testing.assert_array_equal(np.sort(joined), np.arange(sum(COUNTS)))


def test_each_class_has_its_share_to_the_example(source):
    found = split(source, **COMMON)
    for indices, share in ((found.test, 0.2), (found.val, 0.1), (found.train, 0.7)):
        counts = np.bincount(found.targets[indices], minlength=len(COUNTS))
        assert np.abs(counts - share * np.array(COUNTS)).max() <= 1


def test_the_seed_fixes_the_splits(source):
    first, again = split(source, **COMMON), split(source, **COMMON)
    other = split(source, **COMMON | {"split_seed": 1})
    for one, two, three in zip(parts(first), parts(again), parts(other), strict=True):
        np.testing.assert_array_equal(one, two)
        assert not np.array_equal(one, three)
    assert first.fingerprint == again.fingerprint != other.fingerprint


def test_a_smaller_subset_lies_inside_a_larger_one(source):
    whole = split(source, **COMMON)
    small, large = (split(source, **COMMON | {"subset": size}) for size in (50, 200))
    assert len(small.train) == 50
    assert set(small.train) < set(large.train) < set(whole.train)
    np.testing.assert_array_equal(small.val, whole.val)
    np.testing.assert_array_equal(small.test, whole.test)
    counts = np.bincount(large.targets[large.train], minlength=len(COUNTS))
    assert np.abs(counts - 200 * np.array(COUNTS) / sum(COUNTS)).max() <= 1


@pytest.mark.parametrize("share", [0.1, 0.5, 1.0])
def test_label_noise_changes_that_share_of_training_labels(share, source):
    clean, noisy = split(source, **COMMON), split(source, **COMMON | {"label_noise": share})
    wrong = np.flatnonzero(noisy.targets != clean.targets)
    assert len(wrong) == round(share * len(clean.train))
    assert set(wrong) <= set(clean.train)
    assert set(np.unique(noisy.targets)) <= set(range(len(COUNTS)))
    for one, two in zip(parts(clean), parts(noisy), strict=True):
        np.testing.assert_array_equal(one, two)


def test_more_label_noise_adds_to_less(source):
    clean, some, more = (split(source, **COMMON | {"label_noise": share}) for share in (0.0, 0.1, 0.3))
    wrong = np.flatnonzero(some.targets != clean.targets)
    np.testing.assert_array_equal(some.targets[wrong], more.targets[wrong])


def test_an_official_test_set_stays_the_test_set(source):
    official = (source.inputs[:30] + 1000, source.targets[:30])
    found = split(Source(source.inputs, source.targets, source.classes, 1.0, official), **COMMON)
    np.testing.assert_array_equal(found.inputs[found.test], official[0])
    np.testing.assert_array_equal(found.targets[found.test], official[1])
    assert len(found.val) == round(0.1 * len(source.inputs))
    assert len(found.train) + len(found.val) == len(source.inputs)


def test_numbers_are_split_too():
    targets = np.linspace(0, 1, 50, dtype=np.float32)[:, None]
    found = split(Source(targets, targets, None, 1.0), **COMMON)
    assert [len(part) for part in parts(found)] == [35, 5, 10]


def test_two_features_are_a_plane_and_other_inputs_are_where_a_source_says():
    points, targets = np.random.default_rng(0).normal(size=(50, 2)), np.zeros((50, 1), np.float32)
    found = split(Source(points, targets, None, 1.0), **COMMON).plane
    assert found is not None
    np.testing.assert_array_equal(found.points, points)
    np.testing.assert_array_equal(found.inputs(points[:3]), points[:3])
    assert split(Source(targets, targets, None, 1.0), **COMMON).plane is None
    own = Plane(points, lambda points: points**2)
    assert split(Source(points**2, targets, None, 1.0, plane=own), **COMMON).plane is own


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"subset": 10_000}, "subset=10000: there are 565 training examples"),
        ({"val_fraction": 1e-6}, "none for val"),
        ({"test_fraction": 1e-6}, "none for test"),
    ],
)
def test_what_cannot_be_split_is_refused(change, said, source):
    with pytest.raises(DataError, match=said):
        split(source, **COMMON | change)


def test_label_noise_needs_classes():
    targets = np.zeros((50, 1), np.float32)
    with pytest.raises(DataError, match=r"label_noise=0\.1: .* not classes"):
        split(Source(targets, targets, None, 1.0), **COMMON | {"label_noise": 0.1})
