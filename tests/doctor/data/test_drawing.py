"""What is drawn of the data."""

import numpy as np
import pytest

from runner.data.dataset import Dataset
from runner.doctor.data.drawing import draw_data
from runner.pictures.colours import PAPER
from runner.pictures.distribution import Bars, draw_distribution

INDICES = np.arange(40, dtype=np.int32)


def _dataset(inputs, classes):
    targets = np.tile(np.arange(2, dtype=np.int32), 20) if classes else np.ones((40, 1), np.float32)
    return Dataset(inputs, targets, INDICES[:30], INDICES[30:], INDICES[30:], classes, 1.0)


def test_images_are_drawn_by_class():
    images = np.random.default_rng(0).uniform(size=(40, 5, 5, 1)).astype(np.float32)
    checked = draw_data(_dataset(images, ("a", "b")))
    assert set(checked.pictures) == {"data/distribution", "data/examples"} and not checked.texts
    assert "16 examples" in checked.said


@pytest.mark.parametrize("classes", [("x|y", "b"), None])
def test_tables_are_written(classes):
    checked = draw_data(_dataset(np.ones((40, 3), np.float32), classes))
    assert set(checked.pictures) == {"data/distribution"}
    rows = checked.texts["data/examples"].splitlines()
    assert len(rows) == 2 + 16 and "1, 1, 1" in rows[2]


def test_bars_are_as_high_as_their_counts():
    picture = draw_distribution([Bars("", np.array([10, 5, 0]), ("a", "b", "c"))], "")
    bars = (picture == (98, 159, 210)).all(axis=-1)
    heights = [int(bars[:, middle].sum()) for middle in (110, 300, 480)]
    assert heights == [150, 75, 0] and tuple(picture[0, 0]) == PAPER
