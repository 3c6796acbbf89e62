"""A path is drawn where its points are, over bands of the loss."""

import numpy as np

from runner.pictures.boundary import CELLS
from runner.pictures.colours import WRONG
from runner.pictures.landscape import BANDS, draw_landscape, landscape_window, shades

PATH = np.array([[-2.0, 0.5], [-1.0, -0.5], [0.0, 0.0]])


def test_the_window_is_as_high_as_wide_and_holds_the_path():
    shown = landscape_window(PATH)
    np.testing.assert_allclose(shown.high - shown.low, 2.4)
    assert (shown.low < PATH.min(axis=0)).all() and (shown.high > PATH.max(axis=0)).all()
    assert (np.ptp(landscape_window(PATH[:1]).grid(), axis=0) > 0).all()


def test_a_bowl_has_bands_of_one_width():
    found = shades(np.linspace(0, 1, 10 * BANDS) ** 2)
    widths = np.unique(found[: 9 * BANDS], return_counts=True)[1]
    assert found[0] == 0 and found[-1] == 1
    assert np.ptp(widths[:-1]) <= 1
    assert shades(np.zeros(4)).tolist() == [0] * 4
    assert shades(np.array([0.0, 1.0, np.nan, np.inf]))[2:].tolist() == [1, 1]


def test_the_path_and_the_heights_are_where_they_should_be():
    shown = landscape_window(PATH)
    heights = shown.grid()[:, 0] - shown.low[0]
    picture = draw_landscape(shown, heights, PATH, "step 3", ("x", "y"))
    assert picture.dtype == np.uint8 and picture.shape[2] == 3
    red = np.argwhere((picture == WRONG).all(axis=-1))
    margin = (picture.shape[1] - 3 * CELLS) // 2
    top = red[:, 0].min() - (shown.place(PATH)[:, 1].min() - 6)
    for x, y in shown.place(PATH):
        assert np.abs(red - [y + top, x + margin]).max(axis=1).min() <= 1
    row = picture[red[:, 0].max() + 20].astype(int)
    assert row[margin + 2].sum() > row[-margin - 3].sum()
