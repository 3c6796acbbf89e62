"""What Optuna searches, from overrides in Hydra's grammar."""

import itertools
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from hydra.core.override_parser.types import Override
from optuna.distributions import (
    BaseDistribution,
    CategoricalDistribution,
    FloatDistribution,
    IntDistribution,
)

from runner.errors import ConfigError

Space = Mapping[str, BaseDistribution]
MOST_CHOICES = 64
"""Combinations of options whose configs are checked before the first trial; composing one takes 0.15 s."""


def distribution(override: Override) -> BaseDistribution:
    """What a sweep override searches: `a,b`, `choice()`, `range()`, `interval()`, `tag(log, ...)`.

    Raises:
        ConfigError: there is nothing in it.
    """
    sweep: Any = override.value()
    log = "log" in sweep.tags
    try:
        if override.is_interval_sweep():
            return _between(sweep.start, sweep.end, log)
        if override.is_range_sweep():
            return _stepped(sorted(sweep.range()), abs(sweep.step), log)
        return CategoricalDistribution(list(override.sweep_string_iterator()))
    except (ValueError, IndexError) as error:
        reason = str(error) if isinstance(error, ValueError) else "a range without values"
        raise ConfigError(f"{override.input_line}: {' '.join(reason.split())}") from error


def text(key: str, value: Any) -> str:
    """An override that gives a key a value of its distribution; an option and a list are text already."""
    return f"{key}={value}"


def examples(space: Space, is_choice: Callable[[str], bool]) -> list[list[str]]:
    """Jobs such that each value, and each end of an interval, is in one; for every combination of options."""
    ends = {key: [text(key, value) for value in _ends(each)] for key, each in space.items()}
    options = [key for key in space if is_choice(ends[key][0])]
    combined = list(itertools.islice(itertools.product(*(ends[key] for key in options)), MOST_CHOICES))
    others = [ends[key] for key in space if key not in options]
    return [[*chosen, *values] for chosen in combined for values in _each_in_turn(others)]


def _each_in_turn(values: Sequence[Sequence[str]]) -> list[list[str]]:
    first = [own[0] for own in values]
    changed = [
        [*first[:place], value, *first[place + 1 :]] for place, own in enumerate(values) for value in own[1:]
    ]
    return [first, *changed]


def _ends(each: BaseDistribution) -> Sequence[Any]:
    if isinstance(each, CategoricalDistribution):
        return each.choices
    assert isinstance(each, FloatDistribution | IntDistribution)
    return [each.low, each.high]


def _between(low: float, high: float, log: bool) -> BaseDistribution:
    if isinstance(low, int) and isinstance(high, int):
        return IntDistribution(low, high, log=log)
    return FloatDistribution(low, high, log=log)


def _stepped(values: Sequence[float], step: float, log: bool) -> BaseDistribution:
    if all(isinstance(value, int) for value in values):
        return IntDistribution(int(values[0]), int(values[-1]), log=log, step=int(step))
    return FloatDistribution(values[0], values[-1], log=log, step=step)
