"""Sizes of splits, and images out of their range."""

from dataclasses import replace

import numpy as np
import pytest

from runner.data.dataset import Dataset
from runner.doctor.data.shapes import check_shapes
from runner.doctor.data.values import check_values

IMAGES = np.random.default_rng(0).integers(0, 256, (20, 4, 4, 1)).astype(np.uint8)


def _dataset(val: int) -> Dataset:
    indices = np.arange(200, dtype=np.int32)
    inputs = np.zeros((200, 3), np.float32)
    targets = np.zeros(200, np.int32)
    return Dataset(inputs, targets, indices[100:], indices[:val], indices[:9], ("a", "b"), 1.0)


def test_a_small_val_is_remarked():
    assert check_shapes(_dataset(60)).verdict == "ok"
    checked = check_shapes(_dataset(10))
    assert [found.name for found in checked.findings] == ["small_val"]
    assert "one of them is 10.0 %" in checked.findings[0].evidence.sentence


def test_shapes_are_told():
    numbers = replace(_dataset(60), classes=None, targets=np.zeros((200, 2), np.float32))
    assert "100 train, 60 val, 9 test; inputs [3] float32; 2 numbers" in check_shapes(numbers).said


def test_images_in_range_are_fine():
    assert check_values(IMAGES, 255.0).verdict == "ok"
    assert check_values(IMAGES / np.float32(255), 1.0).verdict == "ok"


@pytest.mark.parametrize(
    "images, maximum", [(IMAGES // 128, 255.0), (IMAGES.astype(np.float32), 1.0), (-(IMAGES / 255.0), 1.0)]
)
def test_images_scaled_twice_or_never_are_found(images, maximum):
    (found,) = check_values(images, maximum).findings
    assert (found.name, found.severity) == ("wrong_range", "problem")


def test_features_may_have_any_range():
    assert check_values(np.array([[-300.0, 9e5]]), 1.0).verdict == "ok"
