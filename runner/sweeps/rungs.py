"""Successive halving and Hyperband: when runs are compared, and which of them go on."""

import math
from collections.abc import Hashable, Mapping, Sequence
from typing import NamedTuple, TypeVar

S = TypeVar("S", bound=Hashable)


class Pruning(NamedTuple):
    """How runs that fall behind are found."""

    brackets: tuple[int, ...]
    """The number of rungs of each bracket; settings are dealt out to them."""
    factor: int
    """At each rung one setting in so many goes on."""


def successive_halving(rungs: int, factor: int) -> Pruning:
    """One bracket: every setting is compared at each rung (Jamieson and Talwalkar 2016, arXiv 1502.07943)."""
    return Pruning((rungs,), factor)


def hyperband(rungs: int, factor: int) -> Pruning:
    """A bracket for each number of rungs from all to none, in case early values mislead.

    Li et al. 2018, arXiv 1603.06560.
    """
    return Pruning(tuple(range(rungs, -1, -1)), factor)


METHODS = {"successive_halving": successive_halving, "hyperband": hyperband}
"""By what `sweep.pruning` says."""


def shares(pruning: Pruning) -> list[float]:
    """The shares of a run at which runs are compared, ascending; the end, where all is known, left out.

    The last rung is at 1 / factor of the run, the one before at 1 / factor^2 and so on.
    """
    return [float(pruning.factor) ** -power for power in range(max(pruning.brackets), 0, -1)]


def deal(settings: Sequence[S], pruning: Pruning) -> dict[S, int]:
    """The bracket of each setting, by its number of rungs.

    A bracket with r rungs gets settings in proportion to factor^r / (r + 1), which makes every bracket cost
    about the same; they are taken from all over the sequence.
    """
    weights = [pruning.factor**rungs / (rungs + 1) for rungs in pruning.brackets]
    dealt = [0.0] * len(weights)
    found = {}
    for setting in settings:
        # The bracket that is furthest behind its share.
        place = min(range(len(weights)), key=lambda index: (dealt[index] + 0.5) / weights[index])
        dealt[place] += 1
        found[setting] = pruning.brackets[place]
    return found


def is_compared(bracket: int, rung: int, pruning: Pruning) -> bool:
    """Whether the settings of a bracket are compared at a rung, counted from 0, the earliest."""
    return rung >= max(pruning.brackets) - bracket


def survivors(values: Mapping[S, float | None], factor: int, maximise: bool) -> set[S]:
    """The settings that go on: the best one in `factor`, rounded up; one without a value is last."""
    sign = -1 if maximise else 1

    def order(setting: S) -> float:
        value = values[setting]
        return math.inf if value is None or not math.isfinite(value) else sign * value

    ranked = sorted(values, key=order)
    return set(ranked[: math.ceil(len(ranked) / factor)])
