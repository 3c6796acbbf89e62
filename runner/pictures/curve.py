"""What a network of one input says along it, with the examples."""

import numpy as np
from PIL import Image, ImageDraw

from runner.pictures.boundary import CELLS, Window
from runner.pictures.colours import INK, PAPER, QUIET, RULE, Colour, blues
from runner.pictures.text import NORMAL, TITLE, line_height, write

_SCALE = 3
_MARGIN = 16
_GAP = 6
_RADIUS = 3
_HELD_OUT = 2
_CURVE: Colour = (213, 94, 0)


def draw_curve(
    window: Window, across: np.ndarray, said: np.ndarray, points: np.ndarray, trained: np.ndarray, title: str
) -> np.ndarray:
    """Draws a curve and the examples about it.

    Args:
        window: what is shown of inputs and targets.
        across: inputs [m], ascending.
        said: what the network says at each, [m]; where it leaves the window, so does the curve.
        points: the examples' inputs and targets [n, 2].
        trained: which were trained on, bool [n]; the others are pale.
        title: stands above.

    Returns:
        A picture uint8 [height, width, 3].
    """
    side, top = CELLS * _SCALE, _MARGIN + line_height(TITLE) + _GAP
    size = side + 2 * _MARGIN, top + side + line_height(NORMAL) + _GAP + _MARGIN
    picture = Image.new("RGB", size, PAPER)
    write(picture, (_MARGIN, _MARGIN), title, TITLE)
    shown = Image.new("RGB", (side, side), PAPER)
    draw = ImageDraw.Draw(shown)
    draw.rectangle((0, 0, side - 1, side - 1), outline=RULE)
    pale = tuple(int(part) for part in blues(np.array(0.4)))
    for is_trained, radius, colour in ((False, _HELD_OUT, pale), (True, _RADIUS, INK)):
        for x, y in window.place(points[trained == is_trained]):
            draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour)
    # Pillow cannot draw a line to what is no number, or to where no picture reaches.
    places = np.clip(np.nan_to_num(window.place(np.column_stack([across, said]))), -side, 2 * side)
    draw.line([(float(x), float(y)) for x, y in places], fill=_CURVE, width=2)
    picture.paste(shown, (_MARGIN, top))
    (left, bottom), (right, highest) = window.low, window.high
    ranges = f"x from {left:.3g} to {right:.3g}, y from {bottom:.3g} to {highest:.3g}; pale: held out"
    write(picture, (_MARGIN, top + side + _GAP), ranges, colour=QUIET)
    return np.array(picture)
