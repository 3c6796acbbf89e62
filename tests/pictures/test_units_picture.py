"""A unit is drawn in the colours of what it computes, at the place where it computes it."""

import numpy as np

from runner.pictures.boundary import window
from runner.pictures.units import CELLS, MOST, draw_units

POINTS = window(np.array([[-1.0, -1.0], [1.0, 1.0]])).grid(CELLS)


def tile(picture: np.ndarray) -> np.ndarray:
    """The inside of the only tile of a picture."""
    height = picture.shape[0]
    frame = np.argwhere((picture == [222, 226, 232]).all(axis=-1))
    (top, left), (bottom, right) = frame.min(axis=0), frame.max(axis=0)
    assert 0 < top < bottom < height
    return picture[top + 1 : bottom, left + 1 : right].astype(int)


def test_positive_is_blue_negative_orange_and_zero_white():
    inside = tile(draw_units(POINTS[:, :1], "layer"))
    middle = inside.shape[0] // 2
    left, centre, right = inside[middle, 1], inside[middle, inside.shape[1] // 2], inside[middle, -2]
    assert left[0] > left[2] + 50 and right[2] > right[0] + 50
    assert centre.min() > 235


def test_up_in_the_plane_is_up_in_the_picture():
    inside = tile(draw_units(POINTS[:, 1:], "layer"))
    column = inside.shape[1] // 2
    assert inside[1, column, 2] > inside[1, column, 0] + 50
    assert inside[-2, column, 0] > inside[-2, column, 2] + 50


def test_a_dead_unit_is_blank_and_so_is_one_that_is_not_finite():
    for value in (0.0, np.nan):
        assert (tile(draw_units(np.full((CELLS**2, 1), value), "layer")) == 255).all()


def test_of_a_wide_layer_the_first_are_drawn():
    widest = draw_units(np.zeros((CELLS**2, MOST)), "layer")
    wider = draw_units(np.zeros((CELLS**2, MOST + 100)), "layer")
    assert wider.shape == widest.shape
    assert (wider != widest).any()  # the title says so
