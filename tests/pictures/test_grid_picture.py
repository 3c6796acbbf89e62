"""Grids of images: the tiles are the images, and captions are below them."""

import subprocess
import sys

import numpy as np
import pytest

from runner.pictures.colours import INK, PAPER, WRONG
from runner.pictures.grid import CAPTION, MARGIN, Layout, arrange, image_grid, scaled, visible
from runner.pictures.text import NORMAL, drawable, line_height, shorten, text_width


def _random(*shape: int) -> np.ndarray:
    """Random images that span 0 to 255, so that showing them changes no number."""
    images = np.random.default_rng(0).integers(0, 256, shape)
    images.flat[:2] = 0, 255
    return images


def _tile(picture: np.ndarray, layout: Layout, index: int) -> np.ndarray:
    left, top = layout.corner(index)
    return picture[top : top + layout.tile_height, left : left + layout.tile_width]


def _below(picture: np.ndarray, layout: Layout, index: int, line: int) -> np.ndarray:
    left, top = layout.corner(index)
    start = top + layout.tile_height + 3 + line * line_height(NORMAL)
    middle, half = left + layout.tile_width // 2, layout.cell_width // 2 + 2
    return picture[start : start + line_height(NORMAL), max(0, middle - half) : middle + half]


def _has(region: np.ndarray, colour: tuple[int, int, int]) -> bool:
    return bool((np.abs(region.astype(int) - colour).sum(axis=-1) < 12).any())


@pytest.mark.parametrize(("side", "factor"), [(8, 10), (28, 3), (32, 3), (64, 1), (200, 1)])
@pytest.mark.parametrize("channels", [1, 3])
def test_tiles_are_the_images_scaled_by_an_integer(side: int, factor: int, channels: int) -> None:
    images = _random(11, side, side, channels)
    captions = ["a", "much too long for any tile but the widest ones\nred", *["x"] * 9]
    picture = image_grid(images, captions, title="title")
    layout = arrange(scaled(visible(images)).shape, captions, title="title")
    for index, image in enumerate(images):
        expected = np.kron(np.broadcast_to(image, (side, side, 3)), np.ones((factor, factor, 1)))
        np.testing.assert_array_equal(_tile(picture, layout, index), expected)
    assert picture.dtype == np.uint8
    assert (picture[: MARGIN - 1] == PAPER).all() and (picture[:, : MARGIN - 1] == PAPER).all()


def test_images_of_any_range_span_black_to_white_together() -> None:
    standardized = np.array([-1.5, 0.0, 0.5, 2.5]).reshape(4, 1, 1, 1)
    np.testing.assert_array_equal(visible(standardized)[:, 0, 0, 0], [0, 96, 128, 255])


def test_two_channels_show_the_first() -> None:
    images = _random(2, 8, 8, 2)
    images[0, 0, 0, 0], images[0, 0, 1, 0] = 0, 255
    np.testing.assert_array_equal(visible(images)[..., 2], images[..., 0])


@pytest.mark.parametrize("value", [0.0, 7.0, np.nan])
def test_equal_or_diverged_numbers_draw_without_warnings(value: float) -> None:
    with np.errstate(all="raise"):
        assert (visible(np.full((2, 4, 4, 1), value)) == 0).all()


def test_infinities_are_black_and_white() -> None:
    images = np.array([-np.inf, 1.0, 3.0, np.inf, np.nan]).reshape(5, 1, 1, 1)
    np.testing.assert_array_equal(visible(images)[:, 0, 0, 0], [0, 0, 255, 255, 0])


@pytest.mark.parametrize(
    ("count", "columns", "shape"), [(1, None, (1, 1)), (9, None, (2, 5)), (32, None, (4, 8)), (7, 3, (3, 3))]
)
def test_rows_and_columns(count: int, columns: int | None, shape: tuple[int, int]) -> None:
    layout = arrange((count, 84, 84, 3), columns=columns)
    assert (layout.rows, layout.columns) == shape


def test_no_images_are_an_empty_grid() -> None:
    assert (image_grid(np.zeros((0, 8, 8, 1)), []) == PAPER).all()


def test_captions_are_below_their_tiles_each_line_in_its_colour() -> None:
    images, captions = _random(3, 28, 28, 1), ["Coat\nShirt", "", "Bag"]
    picture = image_grid(images, captions, colours=(INK, WRONG))
    layout = arrange((3, 84, 84, 3), captions)
    for index, line, colour in [(0, 0, INK), (0, 1, WRONG), (2, 0, INK)]:
        assert _has(_below(picture, layout, index, line), colour)
    for index, line in [(1, 0), (1, 1), (2, 1)]:
        assert (_below(picture, layout, index, line) == PAPER).all()


def test_different_captions_look_different() -> None:
    images = _random(1, 28, 28, 1)
    assert (image_grid(images, ["3"]) != image_grid(images, ["8"])).any()


def test_a_long_title_widens_the_picture_and_is_not_cut() -> None:
    picture = image_grid(_random(1, 8, 8, 1), title="worst mistakes: true class, predicted class in red")
    assert (picture[:, -MARGIN:] == PAPER).all()
    assert _has(picture[MARGIN : MARGIN + 20, -MARGIN - 12 :], INK)


@pytest.mark.parametrize(
    "text", ["", "Coat", "Ankle boot", "a caption that is too long for any tile", "W" * 500]
)
def test_shortened_text_fits_and_is_a_beginning(text: str) -> None:
    short = shorten(text, CAPTION)
    assert text_width(short) <= CAPTION
    assert (
        short == text if text_width(text) <= CAPTION else short.endswith("…") and text.startswith(short[:-1])
    )


def test_accents_the_font_lacks_are_dropped_and_the_ellipsis_it_has_is_kept() -> None:
    assert drawable("Crème brûlée…") == "Creme brulee…"


def test_importing_pictures_imports_neither_matplotlib_nor_jax() -> None:
    names = "confusion, grid, mistakes"
    code = f"import sys; from runner.pictures import {names}; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    assert not {"matplotlib", "jax", "scipy", "sklearn"} & set(loaded)
