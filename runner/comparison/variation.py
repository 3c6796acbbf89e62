"""What varies between runs: the options that were chosen, without those that merely follow from them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from runner.comparison.model import Run, Value

ABSENT = object()
"""Stands for the value of a key that a config lacks."""


class Variation(NamedTuple):
    """The keys whose values differ."""

    varied: tuple[str, ...]
    """Those that were chosen: set on the command line, in its order; then those that differ anyway."""
    implied: tuple[str, ...]
    """Those whose value follows from the options of the varied groups, as Adam's b1 follows from Adam."""


def variation(runs: Sequence[Run]) -> Variation:
    """What varies between the runs.

    A key that nobody set on the command line is implied if runs with the same options of the varied groups
    have the same value of it. One that was set is varied, even if it goes hand in hand with another.
    """
    groups = frozenset[str]().union(*(run.groups for run in runs))
    differing = _differing(runs)
    typed = _typed(runs)
    explicit = [key for key in differing if _is_typed(key, typed, groups)]
    varied = sorted(explicit, key=lambda key: _place(key, typed))
    implied = []
    for key in sorted(
        set(differing) - set(varied), key=lambda key: (key not in groups, differing.index(key))
    ):
        chosen = [name for name in varied if name in groups]
        (implied if chosen and _follows(key, chosen, runs) else varied).append(key)
    return Variation(tuple(varied), tuple(implied))


def domain(key: str, runs: Iterable[Run]) -> tuple[Value, ...]:
    """The values of a key: numbers ascending, then words, then null."""
    values = {identity(run.config[key]): run.config[key] for run in runs if key in run.config}
    return tuple(sorted(values.values(), key=_order))


def identity(value: object) -> object:
    """Equal for equal values: 1 and 1.0 are, 1 and true are not."""
    return ("bool", value) if isinstance(value, bool) else value


def pick(config: Mapping[str, Value], keys: Iterable[str]) -> tuple[object, ...]:
    """The identities of some values of a config."""
    return tuple(identity(config.get(key, ABSENT)) for key in keys)


def _differing(runs: Sequence[Run]) -> list[str]:
    keys = dict.fromkeys(key for run in runs for key in run.config)
    first = runs[0].config
    return [key for key in keys if any(pick(run.config, [key]) != pick(first, [key]) for run in runs[1:])]


def _typed(runs: Sequence[Run]) -> list[str]:
    """The keys of all overrides, in the order they were typed."""
    texts = dict.fromkeys(text for run in runs for text in run.overrides)
    return list(dict.fromkeys(text.lstrip("+~").partition("=")[0].partition("@")[0] for text in texts))


def _is_typed(key: str, typed: Sequence[str], groups: frozenset[str]) -> bool:
    # `model={width: 3}` sets what is below `model`, but `model=cnn` chooses.
    return key in typed or any(key.startswith(f"{name}.") for name in typed if name not in groups)


def _place(key: str, typed: Sequence[str]) -> int:
    return next(place for place, name in enumerate(typed) if key == name or key.startswith(f"{name}."))


def _follows(key: str, chosen: Sequence[str], runs: Sequence[Run]) -> bool:
    seen: dict[object, object] = {}
    return all(
        seen.setdefault(pick(run.config, chosen), value) == value
        for run in runs
        for value in [identity(run.config.get(key, ABSENT))]
    )


def _order(value: Value) -> tuple[int, float, str]:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return 0, float(value), ""
    return (2, 0.0, "") if value is None else (1, 0.0, str(value))
