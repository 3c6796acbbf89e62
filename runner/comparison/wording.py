"""Numbers and options as words: the same in the terminal, in Markdown and in HTML."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence

from runner.comparison.model import Interval, Value

DIGITS = 4
"""Significant ones."""
GOOD = ("completed", "stopped_early")
NOTHING = "-"


def option_text(value: Value) -> str:
    """An option's value as the command line takes it."""
    if value is None:
        return "null"
    return str(value).lower() if isinstance(value, bool) else str(value)


def number(value: float | None, digits: int = DIGITS) -> str:
    """`0.9722`, `1.5e-05`; a dash for none."""
    if value is None or not math.isfinite(value):
        return NOTHING
    if value == 0 or 1e-3 <= abs(value) < 1e5:
        return f"{value:.{max(digits - 1 - _exponent(value), 0)}f}"
    return f"{value:.{digits - 1}g}"


def signed(value: float | None) -> str:
    """`+0.0123`; a dash for none."""
    text = number(value, DIGITS - 1)
    return text if text in (NOTHING, number(0, DIGITS - 1)) or text.startswith("-") else f"+{text}"


def span(interval: Interval | None) -> str:
    """`0.9611` to `0.9833` with an en dash, `-0.2 to 0.1`; a dash for none."""
    if interval is None:
        return NOTHING
    between = " to " if interval.low < 0 else "\N{EN DASH}"
    return f"{number(interval.low)}{between}{number(interval.high)}"


def signed_span(interval: Interval | None) -> str:
    """`-0.012 to +0.003`; a dash for none."""
    return NOTHING if interval is None else f"{signed(interval.low)} to {signed(interval.high)}"


def duration(seconds: float | None) -> str:
    """`0.35 s`, `12 s`, `3 min 20 s`, `2 h 05 min`; a dash for none."""
    if seconds is None or not math.isfinite(seconds):
        return NOTHING
    if seconds < 100:
        return f"{number(seconds, 2)} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02d} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02d} min"


def counts(statuses: Mapping[str, int]) -> str:
    """`7`, `7, 1 diverged`: how many runs ended well, and how the others did."""
    good = sum(statuses.get(status, 0) for status in GOOD)
    others = [f"{count} {status}" for status, count in statuses.items() if status not in GOOD]
    return ", ".join([*([str(good)] if good or not others else []), *others])


def plural(count: int, noun: str) -> str:
    """`1 seed`, `2 seeds`."""
    return f"{count:,} {noun}{'s' * (count != 1)}"


def short_keys(keys: Sequence[str]) -> dict[str, str]:
    """The last part of each dotted key where that tells it from the others, else the key."""
    ends = Counter(key.rpartition(".")[2] for key in keys)
    return {key: end if ends[end := key.rpartition(".")[2]] == 1 else key for key in keys}


def _exponent(value: float) -> int:
    return math.floor(math.log10(abs(value))) if value else 0
