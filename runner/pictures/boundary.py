"""What a network of two inputs says over the plane, with the examples in it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

from runner.pictures.colours import INK, PAPER, QUIET, RULE, Colour
from runner.pictures.text import NORMAL, TITLE, line_height, write

CELLS = 120
_SCALE = 3
_MARGIN = 16
_GAP = 6
_RADIUS = 3
_ROOM = 0.08
_PALETTE: tuple[Colour, ...] = (
    (230, 159, 0),
    (0, 114, 178),
    (0, 158, 115),
    (204, 121, 167),
    (213, 94, 0),
    (86, 180, 233),
    (240, 228, 66),
    (110, 110, 110),
)
"""Told apart by colour-blind eyes too (Okabe and Ito 2008); more classes than these share colours."""
_PALE = 0.55


@dataclass(frozen=True)
class Window:
    """The part of the plane that is shown."""

    low: np.ndarray
    """Its least coordinates [2]."""
    high: np.ndarray

    def grid(self, cells: int = CELLS) -> np.ndarray:
        """The middles of its cells, float32 [cells * cells, 2]: rows from the top, left to right."""
        share = (np.arange(cells) + 0.5) / cells
        across, down = np.meshgrid(share, share[::-1])
        shares = np.column_stack([across.ravel(), down.ravel()])
        return (self.low + shares * (self.high - self.low)).astype(np.float32)

    def place(self, points: np.ndarray) -> np.ndarray:
        """Where points [n, 2] are in the picture of the plane, in pixels from its left and top."""
        shares = (points - self.low) / (self.high - self.low)
        return np.column_stack([shares[:, 0], 1 - shares[:, 1]]) * CELLS * _SCALE


def window(points: np.ndarray) -> Window:
    """A window around points [n, 2], with some room."""
    low, high = points.min(axis=0).astype(float), points.max(axis=0).astype(float)
    room = np.where(high > low, _ROOM * (high - low), 1.0)
    return Window(low - room, high + room)


def class_colours(probabilities: np.ndarray) -> np.ndarray:
    """Colours uint8 [n, 3] of probabilities [n, classes]: those of the classes, mixed."""
    palette = np.array([_PALETTE[index % len(_PALETTE)] for index in range(probabilities.shape[1])], float)
    return np.rint(np.clip(np.nan_to_num(probabilities), 0, 1) @ palette).clip(0, 255).astype(np.uint8)


def number_colours(numbers: np.ndarray, low: float, high: float) -> np.ndarray:
    """Colours uint8 [n, 3] of numbers [n]: orange at `low`, white in the middle, blue at `high`."""
    middle = (low + high) / 2
    along = np.clip((np.nan_to_num(numbers, nan=middle) - middle) / (high - middle or 1.0), -1, 1)[:, None]
    ends = np.where(along < 0, np.array(_PALETTE[0], float), np.array(_PALETTE[1], float))
    return np.rint(np.array(PAPER, float) * (1 - np.abs(along)) + ends * np.abs(along)).astype(np.uint8)


def draw_boundary(
    window: Window,
    cells: np.ndarray,
    points: np.ndarray,
    colours: np.ndarray,
    trained: np.ndarray,
    title: str,
    names: Sequence[str] = (),
) -> np.ndarray:
    """Draws the plane and the examples in it.

    Args:
        window: what is shown of it.
        cells: the colours of `window.grid()`, uint8 [CELLS * CELLS, 3]; they are drawn paler than points.
        points: the examples [n, 2].
        colours: of what they are, uint8 [n, 3].
        trained: which were trained on, bool [n]: the others have a dark edge.
        title: stands above.
        names: of the classes, for the line below.

    Returns:
        A picture uint8 [height, width, 3].
    """
    side, top = CELLS * _SCALE, _MARGIN + line_height(TITLE) + _GAP
    picture = Image.new(
        "RGB", (side + 2 * _MARGIN, top + side + 2 * line_height(NORMAL) + _GAP + _MARGIN), PAPER
    )
    write(picture, (_MARGIN, _MARGIN), title, TITLE)
    pale = 255 - (255 - cells.astype(float)) * _PALE
    plane = np.rint(pale).astype(np.uint8).reshape(CELLS, CELLS, 3)
    shown = Image.fromarray(plane.repeat(_SCALE, axis=0).repeat(_SCALE, axis=1))
    _draw_points(shown, window.place(points), colours, trained)
    picture.paste(shown, (_MARGIN, top))
    below = top + side + _GAP
    (left, bottom), (right, highest) = window.low, window.high
    across = f"x1 from {left:.3g} to {right:.3g}, x2 from {bottom:.3g} to {highest:.3g}; dark edge: held out"
    write(picture, (_MARGIN, below), across, colour=QUIET)
    _write_names(picture, (_MARGIN, below + line_height(NORMAL)), names)
    return np.array(picture)


def _draw_points(plane: Image.Image, places: np.ndarray, colours: np.ndarray, trained: np.ndarray) -> None:
    draw = ImageDraw.Draw(plane)
    # The others last: there are fewer of them.
    for index in np.argsort(~trained, kind="stable"):
        x, y = places[index]
        box = (x - _RADIUS, y - _RADIUS, x + _RADIUS, y + _RADIUS)
        red, green, blue = (int(part) for part in colours[index])
        draw.ellipse(box, fill=(red, green, blue), outline=RULE if trained[index] else INK)


def _write_names(picture: Image.Image, at: tuple[int, int], names: Sequence[str]) -> None:
    left, top = at
    draw, middle = ImageDraw.Draw(picture), top + line_height(NORMAL) / 2
    for index, name in enumerate(names[: len(_PALETTE)]):
        draw.ellipse((left, middle - _RADIUS, left + 2 * _RADIUS, middle + _RADIUS), fill=_PALETTE[index])
        write(picture, (left + 2 * _RADIUS + _GAP, top), name)
        left += 3 * _RADIUS + 2 * _GAP + int(draw.textlength(name)) + 2 * _GAP
