"""Learning curves of the settings that have a colour."""

from collections.abc import Sequence

import numpy as np
from matplotlib.ticker import MaxNLocator, NullFormatter

from runner.comparison.plots import bands
from runner.comparison.plots.featured import Featured
from runner.comparison.plots.labels import brief
from runner.comparison.plots.scales import is_log
from runner.comparison.tensorboard.pictures.canvas import LINES, QUIET, axes, legend, pixels


def draw_curves(tag: str, named: Sequence[Featured]) -> np.ndarray | None:
    """The mean of one tag by epoch, with its band; None where nothing recorded it."""
    as_interval = bands.is_interval([one.setting for one in named])
    found = [(one, bands.band(one.setting, tag, as_interval)) for one in named]
    kept = [(one, band) for one, band in found if band is not None]
    if not kept:
        return None
    drawn = axes(6.5, 4.6, f"{tag}. {bands.explanation([one.setting for one in named])}")
    for one, band in kept:
        label, line = f"{one.setting.rank}. {brief(one.setting)}", LINES[one.dash]
        marker = "o" if len(band.mean) == 1 else None
        drawn.plot(band.epochs, band.mean, color=one.colour, linestyle=line, marker=marker, label=label)
        drawn.fill_between(band.epochs, band.low, band.high, color=one.colour, alpha=0.15, linewidth=0)
    if tag.endswith("loss") and is_log(np.concatenate([band.mean for _, band in kept])):
        drawn.set_yscale("log")
        drawn.yaxis.set_minor_formatter(NullFormatter())
    drawn.xaxis.set_major_locator(MaxNLocator(integer=True))
    drawn.set_xlabel("epoch", color=QUIET)
    drawn.set_ylabel(tag, color=QUIET)
    legend(drawn)
    return pixels(drawn)
