"""A plot as Plotly's JSON, and the parts that all plots share."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from runner.comparison.plots.scales import Scale, is_log, log_ticks

INK, QUIET, RULE, CARD = "var(--ink)", "var(--quiet)", "var(--rule)", "var(--card)"
"""Colours of the page, which differ by day and by night: page.js puts them in."""
TICKS = 8


@dataclass(frozen=True)
class Figure:
    """One plot."""

    name: str
    """Its own among the plots of a page."""
    title: str
    text: str
    """What it shows, for who cannot see it."""
    data: list[dict[str, Any]]
    layout: dict[str, Any]
    caption: str = ""
    narrowest: int = 0
    """Pixels of width below which it scrolls."""

    @property
    def element(self) -> str:
        """Its id in the page."""
        return f"plot-{self.name}"


def layout(height: int, x: dict[str, Any], y: dict[str, Any], **more: Any) -> dict[str, Any]:
    """What all plots have."""
    return {
        "height": height,
        "autosize": True,
        "margin": {"l": 8, "r": 12, "t": 8, "b": 8},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": "system-ui, sans-serif", "size": 12, "color": INK},
        "showlegend": False,
        "hovermode": "closest",
        "hoverlabel": {"align": "left"},
        "xaxis": _axis(x),
        "yaxis": _axis(y),
        **more,
    }


def title(text: str) -> dict[str, Any]:
    """An axis with a title."""
    return {"title": {"text": text, "font": {"size": 12, "color": QUIET}, "standoff": 8}}


def scaled(scale: Scale) -> dict[str, Any]:
    """The axis of an option."""
    if not scale.is_numeric:
        return {"type": "category", "categoryorder": "array", "categoryarray": list(scale.texts)}
    axis: dict[str, Any] = {"type": scale.kind, "exponentformat": "power"}
    return axis | _value_ticks(scale) if len(scale.values) <= TICKS else axis


def measured(values: np.ndarray) -> dict[str, Any]:
    """The axis of a loss or another number that may span decades."""
    if not is_log(values):
        return {"nticks": 6}
    ticks = log_ticks(values.min(), values.max())
    return {"type": "log", "tickvals": ticks, "ticktext": [f"{tick:g}" for tick in ticks]}


def _value_ticks(scale: Scale) -> dict[str, Any]:
    return {"tickvals": list(scale.values), "ticktext": list(scale.texts)}


def _axis(own: dict[str, Any]) -> dict[str, Any]:
    common = {"automargin": True, "gridcolor": RULE, "zeroline": False, "linecolor": RULE, "fixedrange": True}
    return common | own
