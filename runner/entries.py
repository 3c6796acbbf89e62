"""Where what is measured of the lanes of a program goes: each lane's to its run, all of it to a display."""

from collections.abc import Sequence
from typing import Protocol

from rich.text import Text

from runner.logbook import Logbook
from runner.records.entry import Entry

Entries = Sequence[Entry | None]
"""Of each lane; None for one that has ended."""


class Progress(Protocol):
    """Shows how far the lanes are; a sink of their entries."""

    def write(self, entries: Entries, /) -> None: ...

    def move(self, step: int) -> None:
        """Tells how many steps have been taken."""
        ...

    def warn(self, lane: int, told: Sequence[Text]) -> None:
        """Tells what is wrong with a run on its way."""
        ...

    def flush(self) -> None: ...

    def close(self) -> None: ...


class EachRun:
    """A sink of the entries of all lanes: each goes to its run."""

    def __init__(self, logbooks: Sequence[Logbook | None]) -> None:
        self._logbooks = logbooks

    def write(self, entries: Entries) -> None:
        for book, entry in zip(self._logbooks, entries, strict=True):
            if book is not None and entry is not None:
                book.write(entry)

    def flush(self) -> None:
        for book in self._logbooks:
            if book is not None:
                book.flush()

    def close(self) -> None:
        for book in self._logbooks:
            if book is not None:
                book.close()
