"""Trajectories over a loss of two weights."""

import numpy as np
from matplotlib.colors import LinearSegmentedColormap

from runner.comparison.plots.landscapes import GREYS, Landscape
from runner.comparison.tensorboard.pictures.canvas import QUIET, axes, legend, pixels
from runner.pictures.landscape import BANDS, shades


def draw_landscape(landscape: Landscape) -> np.ndarray:
    """The loss in bands, the darker the higher; each trajectory with a dot a step and a ring at its start."""
    drawn = axes(6.0, 6.6, f"{landscape.label or 'The loss'}: a dot is a step, the darker the higher")
    colours = LinearSegmentedColormap.from_list("greys", GREYS)
    levels = np.linspace(0, 1, BANDS + 1)
    drawn.grid(visible=False)
    if landscape.heights is not None:
        shown = shades(landscape.heights)
        drawn.contourf(landscape.across, landscape.up, shown, levels=levels, cmap=colours)
    for one in landscape.trajectories:
        drawn.plot(*one.points.T, color=one.colour, marker="o", markersize=2.5, linewidth=1, label=one.label)
        drawn.plot(*one.points[0], color=one.colour, marker="o", markersize=9, markerfacecolor="none")
    drawn.set_aspect("equal")
    across, up = landscape.names
    drawn.set_xlabel(across, color=QUIET)
    drawn.set_ylabel(up, color=QUIET)
    legend(drawn)
    return pixels(drawn)
