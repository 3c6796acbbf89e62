"""A grid of images with captions."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

from runner.pictures.colours import INK, PAPER, RULE, Colour
from runner.pictures.text import NORMAL, TITLE, line_height, shorten, text_width, write

TILE = 84
CAPTION = 104
MARGIN = 16
_GAP = 8
_WIDEST = 8
_TO_CAPTION = 3


@dataclass(frozen=True)
class Layout:
    """Where things are in a grid, in pixels."""

    tile_height: int
    tile_width: int
    cell_width: int
    """Wider than the tile where captions are, up to `CAPTION`."""
    caption_lines: int
    rows: int
    columns: int
    title_height: int

    @property
    def cell_height(self) -> int:
        """Of a tile with its caption."""
        captions = self.caption_lines * line_height(NORMAL)
        return self.tile_height + (captions + _TO_CAPTION if captions else 0)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the picture."""
        width = self.columns * (self.cell_width + _GAP) - _GAP
        height = self.rows * (self.cell_height + _GAP) - _GAP
        return width + 2 * MARGIN, height + self.title_height + 2 * MARGIN

    def corner(self, index: int) -> tuple[int, int]:
        """Left and top of a tile."""
        row, column = divmod(index, self.columns)
        left = MARGIN + column * (self.cell_width + _GAP) + (self.cell_width - self.tile_width) // 2
        return left, MARGIN + self.title_height + row * (self.cell_height + _GAP)


def image_grid(
    images: np.ndarray,
    captions: Sequence[str] | None = None,
    columns: int | None = None,
    title: str | None = None,
    colours: Sequence[Colour] = (INK,),
) -> np.ndarray:
    """Draws images side by side, brightened together: the least of all their numbers is black.

    Args:
        images: [n, height, width, channels], of any range; other than 3 channels shows the first.
        captions: n of them; a line too long to stand below its tile is shortened.
        columns: by default at most eight, and rows of about equal length.
        title: stands above the grid.
        colours: of a caption's first line, its second, ...; the last colour is that of all others.

    Returns:
        A picture uint8 [height, width, 3].
    """
    return tile_grid(visible(images), captions, columns, title, colours)


def tile_grid(
    images: np.ndarray,
    captions: Sequence[str] | None = None,
    columns: int | None = None,
    title: str | None = None,
    colours: Sequence[Colour] = (INK,),
) -> np.ndarray:
    """`image_grid` of images uint8 [n, height, width, 3] in the colours that they have."""
    tiles = scaled(images)
    layout = arrange(tiles.shape, captions or (), columns, title)
    width = max(layout.size[0], text_width(title or "", TITLE) + 2 * MARGIN)
    picture = Image.new("RGB", (width, layout.size[1]), PAPER)
    if title:
        write(picture, (MARGIN, MARGIN), title, TITLE)
    for index, tile in enumerate(tiles):
        _draw_tile(picture, tile, layout.corner(index))
    for index, caption in enumerate(captions or ()):
        _draw_caption(picture, caption, layout, index, colours)
    return np.array(picture)


def visible(images: np.ndarray) -> np.ndarray:
    """Images uint8 [n, height, width, 3] of images [n, height, width, channels] of any range."""
    shown = np.asarray(images if images.shape[-1] == 3 else images[..., :1], dtype=np.float32)
    finite = shown[np.isfinite(shown)]
    low, high = (finite.min(), finite.max()) if finite.size else (0.0, 1.0)
    shares = np.nan_to_num((shown - low) / (high - low or 1.0), nan=0.0, posinf=1.0, neginf=0.0)
    return np.broadcast_to(np.rint(255 * shares).astype(np.uint8), (*shown.shape[:3], 3))


def scaled(images: np.ndarray) -> np.ndarray:
    """Images [n, height, width, 3] with every pixel a square, so that they are about `TILE` pixels wide."""
    factor = max(1, round(TILE / max(images.shape[1:3])))
    return images.repeat(factor, axis=1).repeat(factor, axis=2)


def arrange(
    shape: tuple[int, ...], captions: Sequence[str] = (), columns: int | None = None, title: str | None = None
) -> Layout:
    """The layout for tiles of shape [n, height, width, 3]."""
    count, height, width, _ = shape
    columns = columns or _even_columns(count)
    lines = [caption.split("\n") for caption in captions]
    longest = max((text_width(line) for caption in lines for line in caption), default=0)
    return Layout(
        tile_height=height,
        tile_width=width,
        cell_width=max(width, min(longest, CAPTION)),
        caption_lines=max(map(len, lines), default=0),
        rows=max(1, math.ceil(count / columns)),
        columns=columns,
        title_height=line_height(TITLE) + _GAP if title else 0,
    )


def _even_columns(count: int) -> int:
    return max(1, math.ceil(count / max(1, math.ceil(count / _WIDEST))))


def _draw_tile(picture: Image.Image, tile: np.ndarray, corner: tuple[int, int]) -> None:
    (left, top), (height, width) = corner, tile.shape[:2]
    # A frame, or a white image would have no edge on white paper.
    ImageDraw.Draw(picture).rectangle((left - 1, top - 1, left + width, top + height), outline=RULE)
    picture.paste(Image.fromarray(tile), corner)


def _draw_caption(
    picture: Image.Image, caption: str, layout: Layout, index: int, colours: Sequence[Colour]
) -> None:
    left, top = layout.corner(index)
    middle = left + layout.tile_width / 2
    for number, line in enumerate(caption.split("\n")):
        y = top + layout.tile_height + _TO_CAPTION + number * line_height(NORMAL)
        colour = colours[min(number, len(colours) - 1)]
        write(picture, (middle, y), shorten(line, layout.cell_width), colour=colour, anchor="ma")
