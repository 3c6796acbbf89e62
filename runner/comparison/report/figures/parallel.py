"""Parallel coordinates, drawn as lines: Plotly's own need WebGL and have one colour scale for all of them."""

import math
from collections.abc import Sequence

from runner.comparison.plots.featured import Featured
from runner.comparison.plots.parallel import Axis, Line, Parallel
from runner.comparison.report.figures.figure import CARD, QUIET, RULE, Figure, layout

HEIGHT = 360
AXIS = 120
"""Pixels from one axis to the next, at least."""


def parallel_plot(view: Parallel, named: Sequence[Featured], settings: int) -> Figure:
    """A line a setting, those with a colour on top."""
    lines = {line.setting.rank: line for line in view.lines}
    others = [line for rank, line in lines.items() if rank not in {one.setting.rank for one in named}]
    last = len(view.axes) - 1
    x = {"visible": False, "range": [-0.05, last + 0.5]}
    y = {"visible": False, "range": [-0.06, 1.14]}
    rules = [_rule(at) for at in range(last + 1)]
    return Figure(
        name="parallel",
        title="All options at once",
        text=f"One line a setting, across {', '.join(axis.name for axis in view.axes)}",
        data=[
            _faint(others),
            *(_strong(lines[one.setting.rank], one) for one in named[::-1] if one.setting.rank in lines),
        ],
        layout=layout(HEIGHT, x, y, shapes=rules, annotations=[*_names(view.axes), *_ticks(view.axes)]),
        caption=_caption(view, settings),
        narrowest=AXIS * (last + 1),
    )


def _faint(lines: Sequence[Line]) -> dict:
    x = [at for line in lines for at in (*range(len(line.heights)), None)]
    y = [height for line in lines for height in (*map(_gap, line.heights), None)]
    opacity = max(0.12, min(0.5, 12 / max(len(lines), 1)))
    own = {"line": {"color": QUIET, "width": 1}, "opacity": opacity, "hoverinfo": "skip"}
    return {"type": "scatter", "mode": "lines", "x": x, "y": y, **own}


def _strong(line: Line, featured: Featured) -> dict:
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "x": [*range(len(line.heights))],
        "y": [*map(_gap, line.heights)],
        "line": {"color": featured.colour, "dash": featured.dash, "width": 2.5},
        "marker": {"size": 7},
        "hovertext": line.setting.label,
        "hoverinfo": "text",
    }


def _rule(at: int) -> dict:
    line = {"color": QUIET, "width": 1}
    return {"type": "line", "x0": at, "x1": at, "y0": 0, "y1": 1, "line": line, "layer": "below"}


def _names(axes: Sequence[Axis]) -> list[dict]:
    # As ticks, the first would be left out where a phone cuts it.
    place = {"y": 1.06, "yanchor": "bottom", "showarrow": False}
    return [
        {"x": at, "text": f"<b>{axis.name}</b>", "xanchor": "left" if at == 0 else "center", **place}
        for at, axis in enumerate(axes)
    ]


def _ticks(axes: Sequence[Axis]) -> list[dict]:
    return [
        {
            "x": at,
            "y": tick.height,
            "text": tick.text,
            "showarrow": False,
            "xanchor": "left",
            "xshift": 6,
            "bgcolor": CARD,
            "bordercolor": RULE,
            "borderpad": 2,
            "opacity": 0.9,
            "font": {"size": 11},
        }
        for at, axis in enumerate(axes)
        for tick in axis.ticks
    ]


def _caption(view: Parallel, settings: int) -> str:
    drawn = len(view.lines)
    return f"The best {drawn} of {settings} settings." if drawn < settings else "Every setting with a result."


def _gap(height: float) -> float | None:
    return None if math.isnan(height) else height
