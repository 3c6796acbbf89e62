"""The settings that the plots name, each with one colour and one dash in all of them."""

from dataclasses import dataclass

from runner.comparison.model import Comparison, Setting

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00")
"""Told apart with every kind of colour blindness (Okabe and Ito 2008); without black and yellow, which a dark
or a light page swallows."""
DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")

STROKES: dict[str, str] = dict(
    zip(DASHES, ("none", "7 4", "3 4", "8 3 3 3", "11 4", "11 3 3 3"), strict=True)
)


@dataclass(frozen=True)
class Featured:
    """A setting and how it is drawn."""

    setting: Setting
    colour: str
    dash: str

    @property
    def dashes(self) -> str:
        """The dash as SVG's stroke-dasharray."""
        return STROKES[self.dash]


def featured(comparison: Comparison) -> tuple[Featured, ...]:
    """The best settings, at most six; of `--by` the best setting of each value."""
    chosen = [setting for setting in _candidates(comparison) if setting.finite]
    return tuple(map(Featured, chosen, COLOURS, DASHES))


def explanation(comparison: Comparison) -> str:
    """Which settings those are, in words."""
    chosen = len(featured(comparison))
    if comparison.by is not None:
        return f"the best setting for each value of {comparison.by}"
    every = len(comparison.settings)
    return f"all {chosen} settings" if chosen == every else f"the best {chosen} of {every} settings"


def _candidates(comparison: Comparison) -> list[Setting]:
    if comparison.by is None:
        return list(comparison.settings)
    rows = [
        row for isolation in comparison.isolations if isolation.key == comparison.by for row in isolation.rows
    ]
    return [row.best for row in rows]
