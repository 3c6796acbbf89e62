"""A curve and its points are drawn where they are."""

import numpy as np

from runner.pictures.boundary import CELLS, window
from runner.pictures.colours import INK
from runner.pictures.curve import draw_curve

POINTS = np.array([[-1.0, 0.0], [0.0, 3.0], [1.0, 1.0]])
ORANGE = (213, 94, 0)


def test_points_and_curve_are_where_they_should_be():
    shown, across = window(POINTS), np.linspace(-1, 1, 101)
    said = np.where(across < 0.5, 2.0, np.where(across < 0.9, 1e9, np.nan))
    picture = draw_curve(shown, across, said, POINTS, np.array([True, True, False]), "step 3")
    margin = (picture.shape[1] - 3 * CELLS) // 2
    ink = np.argwhere((picture == INK).all(axis=-1))
    orange = np.argwhere((picture == ORANGE).all(axis=-1))
    places = shown.place(POINTS)
    # The first point is on the left, lower than the second by as much as it should be.
    left, middle = (ink[np.abs(ink[:, 1] - x - margin) <= 2][:, 0] for x in places[:2, 0])
    assert left.max() - middle.max() == np.rint(places[0, 1] - places[1, 1]) or (
        abs(left.max() - middle.max() - (places[0, 1] - places[1, 1])) <= 1
    )
    level = orange[orange[:, 1] < places[1, 0] + margin][:, 0]
    at = shown.place(np.array([[0.0, 2.0]]))[0, 1] - places[1, 1] + middle.mean()
    assert np.abs(level - at).max() <= 2
    assert orange[:, 1].max() < places[2, 0] + margin
