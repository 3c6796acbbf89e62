"""A range test as a picture: the ramp above, the short trainings below, over the same rates."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from runner.range_test.result import Result
from runner.range_test.wording import shown

INK, QUIET, RULE = "#1d2530", "#667080", "#e1e5ea"
LINE, GOOD, CHOSEN, LOST = "#2d6fb2", "#d9ecd9", "#1f7a3a", "#c4392b"
DPI = 160
SIZE = 7.0, 6.4
"""Inches."""
HEADROOM = 1.15
"""How far above the loss at the start a ramp that blows up is shown, as a factor of the range below it."""


def draw(result: Result) -> np.ndarray:
    """uint8 [height, width, 3]."""
    figure = Figure(figsize=SIZE, dpi=DPI, facecolor="white")
    canvas = FigureCanvasAgg(figure)
    figure.set_layout_engine("constrained", h_pad=0.08)
    ramp, trainings = figure.subplots(2, 1, sharex=True)
    figure.suptitle(_title(result), x=0.02, ha="left", fontsize=12, fontweight="bold", color=INK)
    for axes in (ramp, trainings):
        _plain(axes)
        _mark(axes, result)
    _draw_ramp(ramp, result)
    _draw_trainings(trainings, result)
    canvas.draw()
    return np.asarray(canvas.buffer_rgba())[..., :3]


def _title(result: Result) -> str:
    return "No rate learns" if result.override is None else result.override


def _draw_ramp(axes: Axes, result: Result) -> None:
    ramp, reading = result.ramp, result.reading
    sound = ramp.sound
    rates, losses = ramp.rates[:sound], ramp.losses[:sound]
    axes.plot(rates, losses, ".", color=LINE, alpha=0.3, markersize=3, label="loss of a batch")
    axes.plot(rates, reading.smoothed, color=LINE, label="smoothed")
    if reading.suggestion is not None:
        height = float(np.interp(reading.suggestion, rates, reading.smoothed))
        label = f"the ramp suggests {shown(reading.suggestion)}"
        axes.plot([reading.suggestion], [height], "o", color=LINE, markerfacecolor="white", label=label)
    start, least = float(reading.smoothed[0]), float(reading.smoothed.min())
    room = max(start - least, 1e-3 * abs(start))
    axes.set_ylim(least - 0.1 * room, start + (HEADROOM - 1 + 0.35) * room)
    axes.set_ylabel("training loss", color=QUIET)
    axes.set_title("One training while the rate rises", fontsize=10, loc="left", color=INK)
    axes.legend(frameon=False, fontsize=9, loc="lower left")


def _draw_trainings(axes: Axes, result: Result) -> None:
    kept = [one for one in result.trained if not one.diverged]
    lost = [one.rate for one in result.trained if one.diverged]
    axes.plot([one.rate for one in kept], [one.value for one in kept], "o-", color=LINE, markersize=4)
    if lost:
        floor = [0.04] * len(lost)
        place = axes.get_xaxis_transform()
        axes.plot(lost, floor, "x", color=LOST, transform=place, label="diverged", clip_on=False)
        axes.legend(frameon=False, fontsize=9, loc="lower left")
    if kept:
        axes.set_ylim(*_limits([one.value for one in kept], result.maximise))
    axes.set_ylabel(result.metric, color=QUIET)
    axes.set_xlabel("learning rate", color=QUIET)
    axes.set_xscale("log")
    title = f"{len(result.trained)} trainings of {result.steps} steps; green: as good as the best"
    axes.set_title(title, fontsize=10, loc="left", color=INK)


def _limits(values: list[float], maximise: bool) -> tuple[float, float]:
    """From the best value to a little beyond that of the lowest rate; what has blown up lies outside."""
    best = max(values) if maximise else min(values)
    room = max(abs(values[0] - best), 1e-3 * abs(best), 1e-9)
    worst = max(values[0] - 0.3 * room, min(values)) if maximise else min(values[0] + 0.3 * room, max(values))
    low, high = sorted((best, worst))
    return low - 0.05 * room, high + 0.05 * room


def _mark(axes: Axes, result: Result) -> None:
    choice = result.choice
    if choice is not None:
        axes.axvspan(choice.first, choice.last, color=GOOD, linewidth=0)
        axes.axvline(choice.rate, color=CHOSEN, linewidth=1.5)
    axes.axvline(result.standing.configured, color=QUIET, linewidth=1, linestyle=":")


def _plain(axes: Axes) -> None:
    axes.set_xscale("log")
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(QUIET)
    axes.tick_params(colors=INK, labelsize=9)
    axes.grid(color=RULE, linewidth=0.8)
    axes.set_axisbelow(True)
