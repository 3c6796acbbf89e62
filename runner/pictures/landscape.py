"""A path over the loss, which is a function of two weights."""

import numpy as np
from PIL import Image, ImageDraw

from runner.pictures.boundary import CELLS, Window
from runner.pictures.colours import PAPER, QUIET, WRONG, blues
from runner.pictures.text import NORMAL, TITLE, line_height, write

BANDS = 16
HIGHEST = 0.9
"""The share of the plane that is below 1: a steep wall would leave no shades to all else."""
_SCALE = 3
_MARGIN = 16
_GAP = 6
_RADIUS = 2
_DARKEST = 0.8


def landscape_window(points: np.ndarray) -> Window:
    """A window around a path [n, 2], as high as it is wide, and no part of it at the edge."""
    low, high = points.min(axis=0).astype(float), points.max(axis=0).astype(float)
    half = 0.6 * max(float((high - low).max()), 1e-6)
    return Window((low + high) / 2 - half, (low + high) / 2 + half)


def shades(heights: np.ndarray) -> np.ndarray:
    """Numbers from 0, the lowest, to 1 for heights of any shape; what is no number is 1.

    By the root of the height above the lowest, so that contours of a bowl are at even distances.
    """
    known = np.isfinite(heights)
    if not known.any():
        return np.zeros(heights.shape)
    above = np.sqrt(np.where(known, heights, np.inf) - heights[known].min())
    return np.minimum(above / (np.quantile(above[known], HIGHEST) or 1.0), 1)


def draw_landscape(
    window: Window, heights: np.ndarray, path: np.ndarray, title: str, names: tuple[str, str]
) -> np.ndarray:
    """Draws the loss over the plane of two weights, and the path of a run over it.

    Args:
        window: what is shown of the plane.
        heights: the loss at `window.grid()`, [CELLS * CELLS].
        path: the weights [n, 2] from the start on; a dot each.
        title: stands above.
        names: of the two weights, for the line below.

    Returns:
        A picture uint8 [height, width, 3].
    """
    side, top = CELLS * _SCALE, _MARGIN + line_height(TITLE) + _GAP
    size = side + 2 * _MARGIN, top + side + line_height(NORMAL) + _GAP + _MARGIN
    picture = Image.new("RGB", size, PAPER)
    write(picture, (_MARGIN, _MARGIN), title, TITLE)
    cells = Image.fromarray(heights.reshape(CELLS, CELLS).astype(np.float32))
    smooth = np.asarray(cells.resize((side, side), Image.Resampling.BILINEAR))
    bands = np.minimum(np.floor(shades(smooth) * BANDS), BANDS - 1) / (BANDS - 1)
    shown = Image.fromarray(blues(_DARKEST * bands))
    _draw_path(shown, window.place(path))
    picture.paste(shown, (_MARGIN, top))
    ranges = [
        f"{name} from {low:.3g} to {high:.3g}"
        for name, low, high in zip(names, window.low, window.high, strict=True)
    ]
    write(picture, (_MARGIN, top + side + _GAP), ", ".join(ranges), colour=QUIET)
    return np.array(picture)


def _draw_path(plane: Image.Image, places: np.ndarray) -> None:
    draw = ImageDraw.Draw(plane)
    corners = [(float(x), float(y)) for x, y in places]
    draw.line(corners, fill=WRONG, width=1)
    for x, y in corners:
        draw.ellipse((x - _RADIUS, y - _RADIUS, x + _RADIUS, y + _RADIUS), fill=WRONG)
    (x, y), radius = corners[0], 3 * _RADIUS
    draw.ellipse((x - radius, y - radius, x + radius, y + radius), outline=WRONG, width=2)
