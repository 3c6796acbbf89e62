"""Learning curves of the settings that the page names."""

from collections.abc import Sequence

import numpy as np

from runner.comparison.plots import bands
from runner.comparison.plots.bands import Band
from runner.comparison.plots.featured import Featured
from runner.comparison.plots.labels import brief
from runner.comparison.report.figures.figure import Figure, layout, measured, title
from runner.comparison.wording import number

HEIGHT = 320
OPACITY = "26"
"""Of a band, in hexadecimal."""


def curves(tag: str, named: Sequence[Featured]) -> Figure | None:
    """The mean of one tag by epoch, with its band; None where nothing recorded it."""
    as_interval = bands.is_interval([featured.setting for featured in named])
    drawn = [(featured, bands.band(featured.setting, tag, as_interval)) for featured in named]
    kept = [(featured, band) for featured, band in drawn if band is not None]
    if not kept:
        return None
    means = np.concatenate([band.mean for _, band in kept])
    return Figure(
        name=f"curve-{tag}",
        title=f"{tag} while training",
        text="; ".join(f"{brief(one.setting)} ends at {number(band.mean[-1])}" for one, band in kept),
        data=[
            *(_band(featured, band) for featured, band in kept if len(featured.setting.runs) > 1),
            *(_line(featured, band) for featured, band in kept),
        ],
        layout=layout(HEIGHT, title("epoch"), title(tag) | _axis(tag, means)),
    )


def _axis(tag: str, means: np.ndarray) -> dict:
    # A score's axis is linear however far it climbs.
    return measured(means) if tag.endswith("loss") else {"nticks": 6}


def _band(featured: Featured, band: Band) -> dict:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [*band.epochs, *band.epochs[::-1]],
        "y": [*band.high, *band.low[::-1]],
        "fill": "toself",
        "fillcolor": featured.colour + OPACITY,
        "line": {"width": 0},
        "hoverinfo": "skip",
    }


def _line(featured: Featured, band: Band) -> dict:
    return {
        "type": "scatter",
        "mode": "lines+markers" if len(band.mean) == 1 else "lines",
        "name": brief(featured.setting),
        "x": [*band.epochs],
        "y": [*band.mean],
        "line": {"color": featured.colour, "dash": featured.dash, "width": 2},
        "hovertemplate": "epoch %{x:.4~g}: %{y:.4~g}<extra>%{fullData.name}</extra>",
    }
