"""Reliability diagrams: how often classifiers are right, by how sure they are."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageDraw

from runner.pictures.colours import INK, PAPER, QUIET, RULE, Colour
from runner.pictures.text import NORMAL, TITLE, line_height, write

_MARGIN, _GAP, _AXIS = 16, 8, 30
_SIDE, _COUNTS = 240, 60
_BAR: Colour = (98, 159, 210)
_OVER: Colour = (213, 94, 0)
_TICKS = (0.0, 0.5, 1.0)


class Diagram(NamedTuple):
    """Of one classifier."""

    title: str
    counts: np.ndarray
    """Examples in bins of equal width from 0 to 1, [bins]."""
    confidence: np.ndarray
    """[bins]."""
    accuracy: np.ndarray
    """[bins]."""


def draw_reliability(diagrams: Sequence[Diagram], title: str) -> np.ndarray:
    """Draws diagrams side by side: accuracy by confidence, and below how many examples there are of each.

    The gap between the end of a bar and the mean confidence of its examples is outlined; over the examples,
    the mean gap is the expected calibration error.

    Returns:
        A picture uint8 [height, width, 3].
    """
    line = line_height(NORMAL) + _GAP
    top = _MARGIN + line_height(TITLE) + _GAP
    each = _AXIS + _SIDE + 2 * _GAP
    height = top + line + _SIDE + line + _COUNTS + 2 * line + _MARGIN
    picture = Image.new("RGB", (2 * _MARGIN + each * len(diagrams), height), PAPER)
    write(picture, (_MARGIN, _MARGIN), title, TITLE)
    for place, diagram in enumerate(diagrams):
        left = _MARGIN + _AXIS + place * each
        write(picture, (left, top), diagram.title)
        _draw_accuracy(picture, diagram, left, top + line)
        _draw_counts(picture, diagram, left, top + line + _SIDE + line)
    legend = "blue: share that is right; orange: how far confidence is from it; line: as often as said"
    write(picture, (_MARGIN, height - _MARGIN - line_height(NORMAL)), legend, colour=QUIET)
    return np.array(picture)


def _draw_accuracy(picture: Image.Image, diagram: Diagram, left: int, top: int) -> None:
    draw, floor = ImageDraw.Draw(picture), top + _SIDE
    width = _SIDE / len(diagram.counts)
    for place in np.flatnonzero(diagram.counts):
        x = left + place * width
        right, said = (floor - _SIDE * float(of[place]) for of in (diagram.accuracy, diagram.confidence))
        draw.rectangle((x + 1, min(right, floor - 1), x + width - 1, floor), fill=_BAR)
        draw.rectangle((x + 1, min(right, said), x + width - 1, max(right, said)), outline=_OVER, width=2)
    draw.rectangle((left, top, left + _SIDE, floor), outline=RULE)
    draw.line((left, floor, left + _SIDE, top), fill=INK)
    for tick in _TICKS:
        at = floor - tick * _SIDE, left + tick * _SIDE
        write(picture, (left - 4, at[0]), f"{tick:g}", colour=QUIET, anchor="rm")
        write(picture, (at[1], floor + 2), f"{tick:g}", colour=QUIET, anchor="ma")
    write(picture, (left + _SIDE / 4, floor + 2), "confidence", colour=QUIET, anchor="ma")


def _draw_counts(picture: Image.Image, diagram: Diagram, left: int, top: int) -> None:
    draw, floor, width = ImageDraw.Draw(picture), top + _COUNTS, _SIDE / len(diagram.counts)
    largest = max(1, int(diagram.counts.max()))
    for place in np.flatnonzero(diagram.counts):
        x, height = left + place * width, max(1, round(_COUNTS * int(diagram.counts[place]) / largest))
        draw.rectangle((x + 1, floor - height, x + width - 1, floor), fill=RULE)
    write(picture, (left, floor + 2), f"examples, at most {largest:,} in a bin", colour=QUIET)
