"""How long the settings take to a target."""

from collections.abc import Sequence

from runner.comparison.model import Arrival, Comparison, Race
from runner.comparison.plots.featured import Featured
from runner.comparison.plots.labels import brief
from runner.comparison.report.figures.figure import QUIET, Figure, layout, title
from runner.comparison.wording import duration, plural

MOST_ROWS = 20
ROW = 28


def race_plot(comparison: Comparison, race: Race, named: Sequence[Featured]) -> Figure | None:
    """A row a setting that arrived, the first on top; None where none did."""
    shown = [arrival for arrival in race.arrivals if arrival.seconds is not None][:MOST_ROWS]
    if not shown:
        return None
    colours = {featured.setting.rank: featured.colour for featured in named}
    x = title("seconds, compilation left out") | {
        "rangemode": "tozero",
        "nticks": 6,
    }
    y = {"type": "category", "autorange": "reversed", "showgrid": False}
    return Figure(
        name="race",
        title="The first to arrive",
        text="; ".join(map(_words, shown)),
        data=[_trace(shown, colours)],
        layout=layout(80 + ROW * len(shown), x, y),
        caption="Medians over the seeds that arrived, of training and evaluation; "
        f"the first {len(shown)} of {plural(len(comparison.settings), 'setting')}.",
    )


def _trace(arrivals: Sequence[Arrival], colours: dict[int, str]) -> dict:
    return {
        "type": "bar",
        "orientation": "h",
        "width": 0.5,
        "x": [arrival.seconds for arrival in arrivals],
        "y": [f"{brief(arrival.setting)}  " for arrival in arrivals],
        "hovertext": [_words(arrival) for arrival in arrivals],
        "hoverinfo": "text",
        "marker": {"color": [colours.get(arrival.setting.rank, QUIET) for arrival in arrivals]},
    }


def _words(arrival: Arrival) -> str:
    return f"{brief(arrival.setting)}: {duration(arrival.seconds)}"
