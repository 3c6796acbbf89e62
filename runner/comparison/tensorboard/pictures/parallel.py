"""Parallel coordinates."""

from collections.abc import Sequence

import numpy as np

from runner.comparison.plots.featured import Featured
from runner.comparison.plots.labels import brief
from runner.comparison.plots.parallel import Parallel
from runner.comparison.tensorboard.pictures.canvas import LINES, QUIET, axes, legend, pixels


def draw_parallel(view: Parallel, named: Sequence[Featured]) -> np.ndarray:
    """A line a setting, those with a colour on top."""
    places = range(len(view.axes))
    drawn = axes(max(6.5, 1.6 * len(places)), 4.6, "All options at once, a line a setting")
    lines = {line.setting.rank: line for line in view.lines}
    for line in view.lines:
        drawn.plot(
            places, line.heights, color=QUIET, alpha=max(0.12, min(0.5, 12 / len(lines))), linewidth=0.8
        )
    for one in named[::-1]:
        if one.setting.rank in lines:
            heights, label = lines[one.setting.rank].heights, f"{one.setting.rank}. {brief(one.setting)}"
            style = {"color": one.colour, "linestyle": LINES[one.dash], "label": label}
            drawn.plot(places, heights, marker="o", markersize=5, linewidth=2, **style)
    for at, axis in enumerate(view.axes):
        drawn.axvline(at, color=QUIET, linewidth=1)
        for tick in axis.ticks:
            box = {"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 1}
            drawn.text(at + 0.03, tick.height, tick.text, fontsize=9, va="center", bbox=box)
    drawn.set_xticks(places, [axis.name for axis in view.axes])
    drawn.set_xlim(-0.15, len(places) - 0.6)
    drawn.set_yticks([])
    drawn.grid(visible=False)
    drawn.spines[:].set_visible(False)
    legend(drawn, reverse=True)
    return pixels(drawn)
