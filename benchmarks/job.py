"""What a job is: sides that are measured in turn, and what is asked of their ratios."""

from collections.abc import Callable, Mapping, Sequence
from statistics import median
from typing import NamedTuple

from benchmarks.commands import Figures, Place

Side = Callable[[Place], Figures]
"""Measures once."""

Found = Mapping[str, Sequence[float]]
"""What each repeat of a sitting measured, by name."""


class Row(NamedTuple):
    """A ratio of which something is asked; larger is better."""

    what: str
    against: str
    own: str
    theirs: str
    """Medians, with their units."""
    ratios: Sequence[float]
    """One for each repeat."""
    least: float
    aim: float

    @property
    def ratio(self) -> float:
        """The median."""
        return median(self.ratios)

    @property
    def verdict(self) -> str:
        """Whether what is asked is reached."""
        if self.ratio >= self.aim:
            return "yes, and the aim"
        if self.ratio >= self.least:
            return f"yes; {_short(self.ratio, self.aim)} short of the aim"
        return f"**no**: {_short(self.ratio, self.least)} short"


class Job(NamedTuple):
    """Measured on several sides."""

    sides: Sequence[Side]
    rows: Callable[[Found], Sequence[Row]]
    told: Callable[[float], str]
    """A time that a side took, with its unit."""


def faster(
    what: str, found: Found, peers: Sequence[str], told: Callable[[float], str], least: float, aim: float
) -> Row:
    """How many times as fast the figure `runner` is as the fastest of its peers."""
    best = min(peers, key=lambda name: median(found[name]))
    ratios = [theirs / own for theirs, own in zip(found[best], found["runner"], strict=True)]
    return Row(what, best, told(median(found["runner"])), told(median(found[best])), ratios, least, aim)


def seconds(taken: float) -> str:
    """The time of a command."""
    return f"{taken:.2f} s"


def steps(taken: float) -> str:
    """The time of a step."""
    rate = 1 / taken
    return f"{1e3 * taken:.3g} ms, {f'{rate:.0f}' if rate >= 100 else f'{rate:.3g}'} steps/s"


def _short(reached: float, asked: float) -> str:
    return f"{100 * (1 - reached / asked):.1f} %"
