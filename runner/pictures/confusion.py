"""The confusion matrix of a classifier: its counts and their picture."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

from runner.pictures.colours import INK, PAPER, QUIET, Colour, blues, ink_on
from runner.pictures.text import NORMAL, TITLE, line_height, shorten, text_width, write, write_turned

_MARGIN = 16
_GAP = 6
_RECALL_TEXT = 48
_RECALL_BAR = 48
_LONGEST_NAME = 120
_COUNTED_CLASSES = 20
_TRACK: Colour = (236, 241, 247)
_BAR: Colour = (98, 159, 210)


@dataclass(frozen=True)
class _Layout:
    """Where things are in the picture, in pixels; the matrix is a square from (left, top)."""

    names: tuple[str, ...]
    cell: int
    name_size: int
    turn: int
    """By how many degrees the names below are turned."""
    left: int
    top: int
    right: int
    bottom: int
    size: tuple[int, int]

    def middle(self, index: int) -> float:
        """From the matrix's edge to the middle of a row or column."""
        return (index + 0.5) * self.cell - 0.5


def confusion_matrix(labels: np.ndarray, predictions: np.ndarray, classes: int) -> np.ndarray:
    """Counts int64 [classes, classes]: row i, column j is how many of class i were predicted as j.

    Args:
        labels: the true classes, int [n].
        predictions: the predicted classes, int [n].
        classes: how many there are.

    Raises:
        ValueError: a label or a prediction is none of the classes.
    """
    cells = np.ravel_multi_index((labels, predictions), (classes, classes))
    return np.bincount(cells, minlength=classes**2).reshape(classes, classes)


def draw_confusion(counts: np.ndarray, class_names: Sequence[str]) -> np.ndarray:
    """Draws a confusion matrix [classes, classes]; a cell's colour is its share of its row.

    Returns:
        A picture uint8 [height, width, 3].
    """
    title = _title(counts)
    layout = _arrange(class_names, title)
    picture = Image.new("RGB", layout.size, PAPER)
    write(picture, (layout.left, _MARGIN), title, TITLE)
    shares = counts / np.maximum(1, counts.sum(axis=1, keepdims=True))
    # The square root makes rare mistakes visible, which are what one looks for.
    colours = blues(np.sqrt(shares))
    _draw_cells(picture, layout, colours)
    if len(counts) <= _COUNTED_CLASSES:
        _write_counts(picture, layout, counts, colours)
    _draw_names(picture, layout)
    _draw_axes(picture, layout)
    _draw_recalls(picture, layout, counts)
    return np.array(picture)


def _title(counts: np.ndarray) -> str:
    total = counts.sum()
    accuracy = np.trace(counts) / max(1, total)
    return f"accuracy {100 * accuracy:.1f} %, {total:,} examples"


def _arrange(class_names: Sequence[str], title: str) -> _Layout:
    cell = _cell_size(len(class_names))
    size = min(NORMAL, cell - 2)
    names = tuple(shorten(name, _LONGEST_NAME, size) for name in class_names)
    longest = max(text_width(name, size) for name in names)
    turn = _turn(longest, cell)
    below = {0: line_height(size), 45: round((longest + line_height(size)) * 0.71), 90: longest}[turn]
    left = _MARGIN + line_height(NORMAL) + _GAP + longest + _GAP
    top = _MARGIN + line_height(TITLE) + line_height(NORMAL) + _GAP
    right, bottom = left + cell * len(names), top + cell * len(names)
    width = max(right + _RECALL_TEXT + _RECALL_BAR + 2 * _GAP, left + text_width(title, TITLE)) + _MARGIN
    height = bottom + _GAP + below + _GAP + line_height(NORMAL) + _MARGIN
    return _Layout(names, cell, size, turn, left, top, right, bottom, (width, height))


def _cell_size(classes: int) -> int:
    if classes > _COUNTED_CLASSES:
        return max(11, 720 // classes)
    return min(72, max(480 // classes, 36))


def _turn(longest: int, cell: int) -> int:
    if longest <= cell - 4:
        return 0
    return 45 if cell >= 2 * line_height(NORMAL) else 90


def _draw_cells(picture: Image.Image, layout: _Layout, colours: np.ndarray) -> None:
    cells = colours.repeat(layout.cell, axis=0).repeat(layout.cell, axis=1)
    cells[layout.cell - 1 :: layout.cell] = PAPER
    cells[:, layout.cell - 1 :: layout.cell] = PAPER
    picture.paste(Image.fromarray(cells), (layout.left, layout.top))


def _write_counts(picture: Image.Image, layout: _Layout, counts: np.ndarray, colours: np.ndarray) -> None:
    for row, column in np.ndindex(*counts.shape):
        count = int(counts[row, column])
        at = layout.left + layout.middle(column), layout.top + layout.middle(row)
        colour = ink_on(colours[row, column]) if count else QUIET
        write(picture, at, _brief(count), colour=colour, anchor="mm")


def _brief(count: int) -> str:
    if count < 10_000:
        return str(count)
    return f"{count / 1000:.0f}k" if count < 1_000_000 else f"{count / 1_000_000:.0f}M"


def _draw_names(picture: Image.Image, layout: _Layout) -> None:
    for index, name in enumerate(layout.names):
        middle, size = layout.middle(index), layout.name_size
        write(picture, (layout.left - _GAP, layout.top + middle), name, size, anchor="rm")
        x, y = layout.left + middle, layout.bottom + _GAP
        if layout.turn:
            write_turned(picture, (x, y), name, size, INK, layout.turn)
        else:
            write(picture, (x, y), name, size, anchor="ma")


def _draw_axes(picture: Image.Image, layout: _Layout) -> None:
    middle = (layout.right - layout.left) / 2
    x, y = layout.left + middle, layout.top + middle
    write(picture, (x, layout.size[1] - _MARGIN), "predicted", colour=QUIET, anchor="md")
    end = _MARGIN + line_height(NORMAL) / 2, y - text_width("true") / 2
    write_turned(picture, end, "true", NORMAL, QUIET, 90)


def _draw_recalls(picture: Image.Image, layout: _Layout, counts: np.ndarray) -> None:
    left, top = layout.right + _GAP + _RECALL_TEXT, layout.top
    write(picture, (left, top - 2), "recall", colour=QUIET, anchor="rd")
    for index, (row, hits) in enumerate(zip(counts, np.diag(counts), strict=True)):
        middle = top + layout.middle(index)
        text = f"{100 * hits / row.sum():.1f} %" if row.any() else "-"
        write(picture, (left, middle), text, layout.name_size, anchor="rm")
        _draw_bar(picture, (left + _GAP, middle), hits / max(1, row.sum()), min(10, layout.cell - 3))


def _draw_bar(picture: Image.Image, at: tuple[float, float], share: float, height: int) -> None:
    draw, (left, top) = ImageDraw.Draw(picture), (round(at[0]), round(at[1] - height / 2))
    for colour, part in ((_TRACK, 1.0), (_BAR, share)):
        if width := round(part * _RECALL_BAR):
            draw.rectangle((left, top, left + width - 1, top + height - 1), fill=colour)
