"""Trajectories over a loss of two weights."""

from runner.comparison.plots.landscapes import GREYS, Landscape, Trajectory
from runner.comparison.report.figures.figure import Figure, layout, title
from runner.pictures.landscape import BANDS, shades

HEIGHT = 460


def landscape_plot(landscape: Landscape) -> Figure:
    """The loss in bands, the darker the higher, and each trajectory with a dot a step."""
    across, up = landscape.names
    legend = {"orientation": "h", "y": -0.12, "yanchor": "top", "x": 0}
    x = title(across) | {"showgrid": False, "range": [*landscape.across[[0, -1]]]}
    y = title(up) | {"showgrid": False, "range": [*landscape.up[[0, -1]]]}
    return Figure(
        name=f"landscape-{landscape.label}",
        title=landscape.label or "the loss",
        text="; ".join(map(_words, landscape.trajectories)),
        data=[*_bands(landscape), *map(_line, landscape.trajectories)],
        layout=layout(HEIGHT, x, y, showlegend=True, legend=legend),
        caption="A dot is a step, a ring the start; the darker, the higher is the loss.",
    )


def _bands(landscape: Landscape) -> list[dict]:
    if landscape.heights is None:
        return []
    return [
        {
            "type": "contour",
            "x": [*landscape.across],
            "y": [*landscape.up],
            "z": shades(landscape.heights).tolist(),
            "customdata": landscape.heights.tolist(),
            "contours": {"start": 0, "end": 1, "size": 1 / BANDS},
            "line": {"width": 0},
            "colorscale": [[place / (len(GREYS) - 1), colour] for place, colour in enumerate(GREYS)],
            "showscale": False,
            "showlegend": False,
            "hovertemplate": "%{x:.3~g}, %{y:.3~g}: %{customdata:.3~g}<extra></extra>",
        }
    ]


def _line(trajectory: Trajectory) -> dict:
    others = len(trajectory.points) - 1
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": trajectory.label,
        "x": [*trajectory.points[:, 0]],
        "y": [*trajectory.points[:, 1]],
        "line": {"color": trajectory.colour, "width": 1.5},
        "marker": {
            "symbol": ["circle-open", *["circle"] * others],
            "size": [12, *[4] * others],
            "line": {"width": [2, *[0] * others]},
        },
        "hovertemplate": "step %{pointNumber}: %{x:.3~g}, %{y:.3~g}<extra>%{fullData.name}</extra>",
    }


def _words(trajectory: Trajectory) -> str:
    x, y = trajectory.points[-1]
    return f"{trajectory.label} ends at {x:.3g}, {y:.3g}"
