"""A step of the runner, recording included, and one of a loop in JAX written by hand, in pairs."""

import json
import sys
from statistics import median

from benchmarks.commands import Figures, Place, timed, warm
from benchmarks.job import Found, Job, Row, steps

LEAST, AIM = 1 / 1.05, 1 / 1.02
"""Within 5 %, and 2 %."""


def job(quick: bool) -> Job:
    """Of each network one pair a repeat, after one that is not counted; there is nothing to shorten."""
    return Job([pair], rows, steps)


def pair(place: Place) -> Figures:
    """The seconds of a step of each, by network."""
    command = [sys.executable, "-m", "benchmarks.overhead", "--pairs", "1"]
    return json.loads(timed(place, command, warm()).last)


def rows(found: Found) -> list[Row]:
    """For each network."""
    return [_row(name.removeprefix("by hand, "), found) for name in found if name.startswith("by hand, ")]


def _row(network: str, found: Found) -> Row:
    own, by_hand = (found[f"{side}, {network}"] for side in ("runner", "by hand"))
    ratios = [theirs / ours for theirs, ours in zip(by_hand, own, strict=True)]
    what = f"a step of the runner, {network}"
    return Row(what, "JAX, by hand", steps(median(own)), steps(median(by_hand)), ratios, LEAST, AIM)
