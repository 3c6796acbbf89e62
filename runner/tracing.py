"""Finds out which numbers of a config can be inputs of a compiled program, by tracing."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple


class Division(NamedTuple):
    """The numbers of a config, divided."""

    inputs: dict[str, Any]
    """Those the program takes as inputs."""
    structure: dict[str, Any]
    """Those it is compiled for: they decide a shape or a branch in Python."""


def divide(
    numbers: Mapping[str, Any], trace: Callable[[Mapping[str, Any], Mapping[str, Any]], Any]
) -> Division:
    """Divides numbers by trying: `trace(inputs, structure)` raises if a number cannot be an input.

    Call it once the trace of all numbers as inputs has failed. The seed and the like are no different.

    Raises whatever `trace` raises with no number traced: then no number is to blame.
    """
    trace({}, numbers)
    structure = {key: value for key, value in numbers.items() if not _traces(key, numbers, trace)}
    return Division({key: value for key, value in numbers.items() if key not in structure}, structure)


def _traces(key: str, numbers: Mapping[str, Any], trace: Callable[..., Any]) -> bool:
    others = {name: value for name, value in numbers.items() if name != key}
    try:
        trace({key: numbers[key]}, others)
    except Exception:  # whatever a library raises when it meets a tracer
        return False
    return True
