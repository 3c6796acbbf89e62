"""The best over the other options for each value of one."""

from collections.abc import Sequence

from runner.comparison.model import Comparison, Isolation, Setting
from runner.comparison.plots.featured import Featured
from runner.comparison.plots.isolation import reach
from runner.comparison.plots.scales import Scale, scale
from runner.comparison.report.figures.figure import INK, QUIET, Figure, layout, scaled, title
from runner.comparison.wording import number, option_text, span

HEIGHT = 280


def isolation(comparison: Comparison, view: Isolation, named: Sequence[Featured]) -> Figure:
    """Every setting as a faint dot, the best of each value with its interval."""
    axis = scale(comparison.domains[view.key])
    best = [row.best for row in view.rows if row.best.finite]
    ordered = sorted(best, key=lambda setting: axis.values.index(setting.options.get(view.key)))
    colours = {featured.setting.rank: featured.colour for featured in named}
    x, y = scaled(axis) | title(view.key), title(comparison.metric) | {"nticks": 6, "range": [*reach(best)]}
    return Figure(
        name=f"isolation-{view.key}",
        title=f"{view.key}: the best over the other options",
        text="; ".join(_words(setting, view.key) for setting in best),
        data=[_every(comparison, view.key, axis), _best(ordered, view.key, axis, colours)],
        layout=layout(HEIGHT, x, y),
        caption="Large: the best setting of each value, with the 95 % interval of its mean. "
        "Small: other settings, as far as they reach into the plot.",
    )


def _every(comparison: Comparison, key: str, axis: Scale) -> dict:
    settings = [setting for setting in comparison.settings if setting.finite and key in setting.options]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": _places(settings, key, axis),
        "y": [setting.mean for setting in settings],
        "hoverinfo": "skip",
        "marker": {"size": 5, "color": QUIET, "opacity": 0.35},
    }


def _best(settings: Sequence[Setting], key: str, axis: Scale, colours: dict[int, str]) -> dict:
    spans = [setting.interval for setting in settings]
    return {
        "type": "scatter",
        "mode": "lines+markers" if axis.is_numeric else "markers",
        "x": _places(settings, key, axis),
        "y": [setting.mean for setting in settings],
        "hovertext": [_words(setting, key) for setting in settings],
        "hoverinfo": "text",
        "line": {"color": QUIET, "width": 1.5},
        "marker": {"size": 11, "color": [colours.get(setting.rank, INK) for setting in settings]},
        "error_y": {
            "type": "data",
            "symmetric": False,
            "array": [i and i.high - s.mean for i, s in zip(spans, settings, strict=True)],
            "arrayminus": [i and s.mean - i.low for i, s in zip(spans, settings, strict=True)],
            "color": QUIET,
            "thickness": 1.5,
            "width": 4,
        },
    }


def _places(settings: Sequence[Setting], key: str, axis: Scale) -> list:
    values = [setting.options[key] for setting in settings]
    return values if axis.is_numeric else [axis.text(value) for value in values]


def _words(setting: Setting, key: str) -> str:
    interval = f" ({span(setting.interval)})" if setting.interval else ""
    return f"{option_text(setting.options[key])}: {number(setting.mean)}{interval}, at {setting.label}"
