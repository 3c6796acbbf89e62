"""The effect of each value of one option, with its interval."""

from collections.abc import Sequence

from runner.comparison.model import Comparison, Effect
from runner.comparison.plots.scales import Scale, scale
from runner.comparison.report.figures.figure import CARD, INK, QUIET, Figure, layout, title
from runner.comparison.verdicts import SAID, basis_words, verdict_words
from runner.comparison.wording import option_text, signed, signed_span

MOST_ROWS = 40
ROW = 22


def forest(comparison: Comparison, key: str, effects: Sequence[Effect]) -> Figure:
    """Differences from the reference, a row a value; filled where the verdict is sure."""
    shown = effects[:MOST_ROWS]
    side = "right" if comparison.maximise else "left"
    x = title(f"difference in {comparison.metric} ({side} is better)")
    x |= {"zeroline": True, "zerolinecolor": QUIET, "zerolinewidth": 1.5, "nticks": 6, "rangemode": "tozero"}
    y = {"type": "category", "autorange": "reversed", "showgrid": False}
    return Figure(
        name=f"effect-{key}",
        title=f"{key} {basis_words(effects[0])}",
        text="; ".join(map(_words, shown)),
        data=[_trace(shown, scale(comparison.domains[key]))],
        layout=layout(100 + ROW * len(shown), x, y),
        caption=_caption(effects),
    )


def _trace(effects: Sequence[Effect], axis: Scale) -> dict:
    intervals = [effect.interval for effect in effects]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [effect.mean for effect in effects],
        "y": [axis.text(effect.value) for effect in effects],
        "hovertext": [_words(effect) for effect in effects],
        "hoverinfo": "text",
        "cliponaxis": False,
        "marker": {
            "size": 10,
            "color": [INK if effect.verdict in SAID else CARD for effect in effects],
            "line": {"width": 2, "color": INK},
        },
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": [i and i.high - e.mean for i, e in zip(intervals, effects, strict=True)],
            "arrayminus": [i and e.mean - i.low for i, e in zip(intervals, effects, strict=True)],
            "color": INK,
            "thickness": 1.5,
            "width": 4,
        },
    }


def _words(effect: Effect) -> str:
    span = f" (95 %: {signed_span(effect.interval)})" if effect.interval else ""
    return f"{option_text(effect.value)}: {signed(effect.mean)}{span}, {verdict_words(effect)}"


def _caption(effects: Sequence[Effect]) -> str:
    cut = f" The first {MOST_ROWS} of {len(effects)} values." if len(effects) > MOST_ROWS else ""
    return f"Point: mean difference; filled: told apart from 0. Bar: 95 % interval over seeds.{cut}"
