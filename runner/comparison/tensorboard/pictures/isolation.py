"""Each value of one option at its best over the others."""

from collections.abc import Sequence

import numpy as np

from runner.comparison.model import Comparison, Isolation
from runner.comparison.plots.featured import Featured
from runner.comparison.plots.isolation import reach
from runner.comparison.plots.scales import scale
from runner.comparison.tensorboard.pictures.canvas import INK, QUIET, axes, pixels, place_on


def draw_isolation(comparison: Comparison, view: Isolation, named: Sequence[Featured]) -> np.ndarray:
    """All settings as small dots; the best of each value large, with the 95 % interval of its mean."""
    drawn = axes(6.5, 3.8, f"{view.key}: the best over the other options")
    scaled = scale(comparison.domains[view.key])
    places = place_on(drawn, scaled)
    colours = {one.setting.rank: one.colour for one in named}
    best = sorted((row for row in view.rows if row.best.finite), key=lambda row: places[row.value])
    every = [one for one in comparison.settings if one.finite and view.key in one.options]
    drawn.scatter(
        [places[one.options[view.key]] for one in every], [one.mean for one in every], 9, QUIET, alpha=0.35
    )
    if scaled.is_numeric:
        drawn.plot(
            [places[row.value] for row in best], [row.best.mean for row in best], color=QUIET, linewidth=1.2
        )
    for row in best:
        at, span = places[row.value], row.best.interval
        if span:
            drawn.plot([at, at], [span.low, span.high], color=QUIET, linewidth=1.5)
        drawn.plot(at, row.best.mean, "o", markersize=9, color=colours.get(row.best.rank, INK))
    drawn.set_ylim(*reach([row.best for row in best]))
    drawn.set_xlabel(view.key, color=QUIET)
    drawn.set_ylabel(comparison.metric, color=QUIET)
    return pixels(drawn)
