"""What is recorded of a run at one step, and who takes it."""

from collections.abc import Mapping
from typing import NamedTuple, Protocol, TypeVar

T = TypeVar("T", contravariant=True)


class Entry(NamedTuple):
    """Scalars by tag after `step` steps."""

    step: int
    epoch: float
    scalars: Mapping[str, float]
    evaluated: bool
    """Whether val was evaluated at this step."""


class Sink(Protocol[T]):
    """Takes entries, of a run or of each lane of a program, in the order of their steps."""

    def write(self, entry: T, /) -> None:
        """Takes one entry."""
        ...

    def flush(self) -> None:
        """Returns once everything taken is in the hands of the operating system."""
        ...

    def close(self) -> None:
        """Flushes and lets go of files."""
        ...
