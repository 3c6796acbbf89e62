"""The time to a target."""

from collections.abc import Sequence

import numpy as np

from runner.comparison.model import Race
from runner.comparison.plots.featured import Featured
from runner.comparison.plots.labels import brief
from runner.comparison.tensorboard.pictures.canvas import QUIET, axes, pixels

MOST_ROWS = 20


def draw_race(race: Race, named: Sequence[Featured]) -> np.ndarray | None:
    """A bar a setting that arrived, the first on top; None where none did."""
    shown = [arrival for arrival in race.arrivals if arrival.seconds is not None][:MOST_ROWS]
    if not shown:
        return None
    colours = {one.setting.rank: one.colour for one in named}
    drawn = axes(7, 1.4 + 0.34 * len(shown), f"Time to {race.tag} {race.target:g}, medians over seeds")
    bars = [colours.get(arrival.setting.rank, QUIET) for arrival in shown]
    drawn.barh(range(len(shown)), [arrival.seconds or 0 for arrival in shown], 0.55, color=bars)
    drawn.set_yticks(range(len(shown)), [brief(arrival.setting) for arrival in shown])
    drawn.invert_yaxis()
    drawn.grid(visible=False, axis="y")
    drawn.set_xlabel("seconds of training and evaluation, compilation left out", color=QUIET)
    return pixels(drawn)
