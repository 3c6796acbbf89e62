"""How often what was counted occurs: classes, or the bins of a histogram."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageDraw

from runner.pictures.colours import PAPER, QUIET, RULE, Colour
from runner.pictures.text import NORMAL, TITLE, line_height, shorten, text_width, write

_MARGIN, _GAP = 16, 8
_WIDTH, _HEIGHT = 560, 150
_READABLE = 40
_BAR: Colour = (98, 159, 210)


class Bars(NamedTuple):
    """One chart."""

    title: str
    counts: np.ndarray
    """Int [n]."""
    names: Sequence[str]
    """Of the bars; those that there is no room for are left out."""


def draw_distribution(charts: Sequence[Bars], title: str) -> np.ndarray:
    """Draws the charts below one another.

    Returns:
        A picture uint8 [height, width, 3].
    """
    top, each = _MARGIN + line_height(TITLE) + _GAP, _HEIGHT + 2 * line_height(NORMAL) + 3 * _GAP
    picture = Image.new("RGB", (_WIDTH + 2 * _MARGIN, top + each * len(charts) + _MARGIN), PAPER)
    write(picture, (_MARGIN, _MARGIN), title, TITLE)
    for place, chart in enumerate(charts):
        _draw(picture, chart, top + place * each)
    return np.array(picture)


def _draw(picture: Image.Image, chart: Bars, top: int) -> None:
    largest = int(chart.counts.max()) if len(chart.counts) else 0
    write(picture, (_MARGIN, top), f"{chart.title}, at most {largest:,}", colour=QUIET)
    floor, step = top + line_height(NORMAL) + _HEIGHT, _WIDTH / max(1, len(chart.counts))
    draw, gap = ImageDraw.Draw(picture), 2 if step > 6 else 0
    for place, count in enumerate(chart.counts):
        left, height = _MARGIN + place * step, round(_HEIGHT * int(count) / max(1, largest))
        if height:
            draw.rectangle((left, floor - height, left + step - gap - 1, floor - 1), fill=_BAR)
    draw.line((_MARGIN, floor, _MARGIN + _WIDTH, floor), fill=RULE)
    _write_names(picture, chart.names, floor + 3, step)


def _write_names(picture: Image.Image, names: Sequence[str], top: int, step: float) -> None:
    widest = max((text_width(name) for name in names), default=0)
    # A name may be shortened a little rather than left out.
    every = 1 if step >= _READABLE else max(1, -(-(widest + _GAP) // max(1, int(step))))
    for place in range(0, len(names), every):
        middle = _MARGIN + (place + 0.5) * step
        write(
            picture, (middle, top), shorten(names[place], round(every * step) - 2), colour=QUIET, anchor="ma"
        )
