"""The effects of one option."""

from collections.abc import Sequence

import numpy as np

from runner.comparison.model import Comparison, Effect
from runner.comparison.plots.scales import scale
from runner.comparison.tensorboard.pictures.canvas import INK, QUIET, axes, pixels
from runner.comparison.verdicts import SAID, basis_words
from runner.comparison.wording import plural

MOST_ROWS = 20


def draw_forest(comparison: Comparison, key: str, effects: Sequence[Effect]) -> np.ndarray:
    """A row a value, its difference from the reference, and the verdict in words."""
    shown = effects[:MOST_ROWS]
    title = f"{key} {basis_words(effects[0])}, {plural(max(effect.seeds for effect in shown), 'seed')}"
    texts = scale(comparison.domains[key])
    drawn = axes(7, 1.4 + 0.34 * len(shown), title)
    drawn.axvline(0, color=QUIET, linewidth=1.2)
    for row, effect in enumerate(shown):
        low, high = (effect.interval.low, effect.interval.high) if effect.interval else (effect.mean,) * 2
        face = INK if effect.verdict in SAID else "white"
        drawn.plot([low, high], [row, row], color=INK, linewidth=1.5, solid_capstyle="butt")
        drawn.plot(effect.mean, row, "o", markersize=8, color=INK, markerfacecolor=face, markeredgewidth=1.5)
    labels = [f"{texts.text(effect.value)}: {effect.verdict}" for effect in shown]
    drawn.set_yticks(range(len(shown)), labels)
    drawn.set_ylim(len(shown) - 0.4, -0.6)
    drawn.grid(visible=False, axis="y")
    side = "right" if comparison.maximise else "left"
    drawn.set_xlabel(f"difference in {comparison.metric} ({side} is better)", color=QUIET)
    return pixels(drawn)
