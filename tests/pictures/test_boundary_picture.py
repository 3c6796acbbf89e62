"""A cell of the plane is drawn where its point is, in the colour of what is said there."""

import numpy as np

from runner.pictures.boundary import CELLS, class_colours, draw_boundary, number_colours, window

POINTS = np.array([[-2.0, 0.0], [3.0, 10.0], [0.0, 5.0]], np.float32)
LEFT = 16


def test_the_window_holds_every_point_and_its_grid_fills_it():
    shown = window(POINTS)
    grid = shown.grid().reshape(CELLS, CELLS, 2)
    assert (shown.low < POINTS.min(axis=0)).all() and (shown.high > POINTS.max(axis=0)).all()
    half = (shown.high - shown.low) / CELLS / 2
    np.testing.assert_allclose(grid[-1, 0], shown.low + half, rtol=1e-5)  # the bottom left
    np.testing.assert_allclose(grid[0, -1], shown.high - half, rtol=1e-5)
    assert np.ptp(window(np.zeros((4, 2))).grid(), axis=0).min() > 0


def test_colours_of_classes_mix_by_probability():
    certain = class_colours(np.eye(3))
    assert len({tuple(colour) for colour in certain}) == 3
    mixed = class_colours(np.array([[0.25, 0.75, 0.0]]))[0]
    np.testing.assert_allclose(mixed, 0.25 * certain[0] + 0.75 * certain[1], atol=1)
    assert class_colours(np.eye(12)).shape == (12, 3)
    np.testing.assert_array_equal(class_colours(np.full((1, 2), np.nan)), [[0, 0, 0]])


def test_colours_of_numbers_go_from_orange_over_white_to_blue():
    low, middle, high, beyond = number_colours(np.array([-1.0, 1.0, 3.0, 99.0]), -1.0, 3.0)
    assert low[0] > low[2] and high[2] > high[0]
    np.testing.assert_array_equal(middle, [255, 255, 255])
    np.testing.assert_array_equal(beyond, high)
    assert number_colours(np.array([np.nan, 5.0]), 5.0, 5.0).tolist() == [[255] * 3] * 2


def test_cells_and_points_are_where_they_should_be():
    shown = window(POINTS)
    right = shown.grid()[:, 0] > (shown.low[0] + shown.high[0]) / 2
    cells = np.where(right[:, None], [0, 0, 200], [200, 0, 0]).astype(np.uint8)
    colours = np.array([[0, 250, 0]] * 3, np.uint8)
    picture = draw_boundary(
        shown, cells, POINTS, colours, np.array([True, True, False]), "step 3", ["a", "b"]
    )
    assert picture.dtype == np.uint8 and picture.shape[2] == 3
    green = np.argwhere((picture == [0, 250, 0]).all(axis=-1))
    places = shown.place(POINTS) + np.array([picture.shape[1] // 2 - CELLS * 3 // 2, 0])
    assert green[:, 1].min() >= LEFT and len(green) > 20
    for x, _ in places:
        assert np.abs(green[:, 1] - x).min() <= 1
    highest, lowest = places[:, 1].min(), places[:, 1].max()
    assert np.ptp(green[:, 0]) - (lowest - highest) < 8
    row = picture[green[:, 0].max() + 8]
    assert row[LEFT + 1, 0] > row[LEFT + 1, 2] and row[-LEFT - 2, 2] > row[-LEFT - 2, 0]
