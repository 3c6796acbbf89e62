"""What all pictures share."""

import textwrap
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from runner.comparison.plots.labels import short_text
from runner.comparison.plots.scales import Scale

INK, QUIET, RULE = "#1d2530", "#667080", "#e1e5ea"
DPI = 160
"""TensorBoard shows a picture small, so letters are large for its size, and whole when it is chosen."""
LINES = {
    "solid": "-",
    "dash": (0, (5, 2)),
    "dot": (0, (1, 1.5)),
    "dashdot": (0, (5, 2, 1, 2)),
    "longdash": (0, (8, 2)),
    "longdashdot": (0, (8, 2, 1, 2)),
}
"""The plots' dashes as Matplotlib's."""
LETTERS = 9
"""Of a title, an inch."""
SHORT = 18
"""Letters of which three columns fit."""
FEW = 10
"""Values of an option that are all named on an axis."""


def axes(width: float, height: float, title: str) -> Axes:
    """Empty axes on a picture of so many inches."""
    figure = Figure(figsize=(width, height), dpi=DPI, facecolor="white")
    FigureCanvasAgg(figure)
    figure.set_layout_engine("constrained", w_pad=0.1, h_pad=0.1)
    drawn = figure.add_subplot()
    lines = textwrap.fill(title, round(LETTERS * width))  # Matplotlib's own wrapping measures every word
    figure.suptitle(lines, x=0.02, ha="left", fontsize=12, fontweight="bold", color=INK)
    drawn.spines[["top", "right"]].set_visible(False)
    drawn.spines[["left", "bottom"]].set_color(QUIET)
    drawn.tick_params(colors=INK, labelsize=10)
    drawn.grid(color=RULE, linewidth=0.8)
    drawn.set_axisbelow(True)
    return drawn


def place_on(drawn: Axes, scale: Scale) -> dict[Any, float]:
    """Sets up the horizontal axis of an option; where each of its values lies."""
    if not scale.is_numeric:
        drawn.set_xticks(range(len(scale.values)), scale.texts)
        drawn.set_xlim(-0.5, len(scale.values) - 0.5)
        return {value: float(place) for place, value in enumerate(scale.values)}
    drawn.set_xscale(scale.kind)
    if len(scale.values) <= FEW:
        drawn.set_xticks([float(value or 0) for value in scale.values], map(short_text, scale.values))
        drawn.minorticks_off()
    return {value: float(value or 0) for value in scale.values}


def legend(drawn: Axes, reverse: bool = False) -> None:
    """Below the axes, where it hides nothing."""
    place = {"loc": "upper center", "bbox_to_anchor": (0.5, -0.13)}
    longest = max(len(text) for text in drawn.get_legend_handles_labels()[1])
    columns = 3 if longest <= SHORT else 2
    drawn.legend(frameon=False, fontsize=9, ncols=columns, reverse=reverse, handlelength=3, **place)


def pixels(drawn: Axes) -> np.ndarray:
    """The picture: uint8 [height, width, 3]."""
    canvas = drawn.get_figure(root=True).canvas  # pyright: ignore[reportOptionalMemberAccess]
    canvas.draw()
    return np.asarray(canvas.buffer_rgba())[..., :3]  # pyright: ignore[reportAttributeAccessIssue]
