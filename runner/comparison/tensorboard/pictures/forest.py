"""The effects of one option."""

from collections.abc import Sequence

import numpy as np

from runner.comparison.model import Comparison, Effect
from runner.comparison.plots.scales import scale
from runner.comparison.tensorboard.pictures.canvas import INK, QUIET, axes, pixels
from runner.comparison.verdicts import basis_words, verdict_words

MOST_ROWS = 30
TOLD = frozenset({"better", "worse"})


def draw_forest(comparison: Comparison, key: str, effects: Sequence[Effect]) -> np.ndarray:
    """A row a value, its difference from the reference, and the verdict in words."""
    shown = effects[:MOST_ROWS]
    texts = scale(comparison.domains[key])
    drawn = axes(10, 1.5 + 0.36 * len(shown), f"{key}: {basis_words(effects[0])}")
    drawn.axvline(0, color=QUIET, linewidth=1.2)
    for row, effect in enumerate(shown):
        low, high = (effect.interval.low, effect.interval.high) if effect.interval else (effect.mean,) * 2
        face = INK if effect.verdict in TOLD else "white"
        drawn.plot([low, high], [row, row], color=INK, linewidth=1.5, solid_capstyle="butt")
        drawn.plot(effect.mean, row, "o", markersize=8, color=INK, markerfacecolor=face, markeredgewidth=1.5)
        drawn.text(1.01, row, verdict_words(effect), transform=drawn.get_yaxis_transform(), va="center")
    drawn.set_yticks(range(len(shown)), [texts.text(effect.value) for effect in shown])
    drawn.set_ylim(len(shown) - 0.4, -0.6)
    drawn.grid(visible=False, axis="y")
    side = "right" if comparison.maximise else "left"
    drawn.set_xlabel(f"difference in {comparison.metric}, with 95 % interval ({side} is better)", color=QUIET)
    return pixels(drawn)
