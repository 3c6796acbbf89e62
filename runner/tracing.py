"""Finds out which numbers of a config can be inputs of a compiled program, by tracing."""

from collections.abc import Callable, Mapping, Sequence
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

    Call it once the trace of all numbers as inputs has failed. The seed and the like are no different. The
    culprits are few, so they are sought by halves.

    Raises whatever `trace` raises with no number traced: then no number is to blame.
    """
    trace({}, numbers)

    def traces(keys: Sequence[str]) -> bool:
        inputs = {key: value for key, value in numbers.items() if key in keys}
        try:
            trace(inputs, {key: value for key, value in numbers.items() if key not in keys})
        except Exception:  # whatever a library raises when it meets a tracer
            return False
        return True

    culprits = _culprits(list(numbers), traces, known=False)
    structure = {key: value for key, value in numbers.items() if key in culprits}
    return Division({key: value for key, value in numbers.items() if key not in structure}, structure)


def _culprits(keys: Sequence[str], traces: Callable[[Sequence[str]], bool], known: bool = True) -> list[str]:
    """The fewest keys without which the others trace; `known` says whether to try all of them first."""
    if known and traces(keys):
        return []
    if len(keys) == 1:
        return list(keys)
    first, second = keys[: len(keys) // 2], keys[len(keys) // 2 :]
    # Two that trace alone may not trace together: then one of them has to go.
    return [*_culprits(first, traces), *_culprits(second, traces)] or list(second)
