"""Two options at once, as a heat map."""

import numpy as np

from runner.comparison.model import Comparison
from runner.comparison.plots.interaction import BLUES, DARK_FROM, MOST_TEXTS, Interaction
from runner.comparison.report.figures.figure import Figure, layout, title
from runner.comparison.wording import number

ROW, COLUMN = 44, 58


def heatmap(comparison: Comparison, table: Interaction) -> Figure:
    """The mean of the metric at each pair of values; darker is better."""
    rows, columns = len(table.rows.values), len(table.columns.values)
    x = title(table.column) | {"type": "category", "showgrid": False}
    y = title(table.row) | {"type": "category", "showgrid": False}
    return Figure(
        name=f"interaction-{table.row}-{table.column}",
        title=f"{table.row} and {table.column}",
        text=_words(comparison, table),
        data=[_cells(comparison, table), *([_numbers(comparison, table)] if columns <= MOST_TEXTS else [])],
        layout=layout(110 + min(ROW * rows, 420), x, y),
        caption=f"Mean of {comparison.metric} over seeds and the other options; darker is better, "
        "empty: no result.",
        narrowest=120 + (COLUMN * columns if columns <= MOST_TEXTS else 300),
    )


def _cells(comparison: Comparison, table: Interaction) -> dict:
    stops = BLUES if comparison.maximise else BLUES[::-1]
    return {
        "type": "heatmap",
        "x": list(table.columns.texts),
        "y": list(table.rows.texts),
        "z": table.means.tolist(),
        "text": [[number(value) for value in row] for row in table.means],
        "customdata": table.counts.tolist(),
        "hovertemplate": f"{table.row} %{{y}}<br>{table.column} %{{x}}<br>%{{text}} "
        "(mean of %{customdata})<extra></extra>",
        "hoverongaps": False,
        "showscale": len(table.columns.values) > MOST_TEXTS,
        "xgap": 2,
        "ygap": 2,
        "colorscale": [[place / (len(stops) - 1), colour] for place, colour in enumerate(stops)],
        "colorbar": {"thickness": 10, "outlinewidth": 0, "nticks": 5, "len": 1, "lenmode": "fraction"},
    }


def _numbers(comparison: Comparison, table: Interaction) -> dict:
    # Plotly's own texts in cells are grey on blue.
    is_dark = (table.shares if comparison.maximise else 1 - table.shares) > DARK_FROM
    places = np.argwhere(np.isfinite(table.means))
    return {
        "type": "scatter",
        "mode": "text",
        "x": [table.columns.texts[j] for _, j in places],
        "y": [table.rows.texts[i] for i, _ in places],
        "text": [number(float(table.means[i, j])) for i, j in places],
        "textfont": {"color": ["#ffffff" if is_dark[i, j] else "#10233c" for i, j in places]},
        "hoverinfo": "skip",
    }


def _words(comparison: Comparison, table: Interaction) -> str:
    best = np.nanargmax(table.means if comparison.maximise else -table.means)
    row, column = np.unravel_index(best, table.means.shape)
    return (
        f"Mean of {comparison.metric} for each pair; the best, {number(table.means[row, column])}, at "
        f"{table.row}={table.rows.texts[row]} and {table.column}={table.columns.texts[column]}"
    )
