"""Records in a thread of its own, so that training goes on."""

import queue
import threading
import time
from collections.abc import Sequence
from typing import Generic, TypeVar

from runner.records.entry import Sink

BOUND = 256
"""Entries that may wait; then the loop waits for the disk rather than fill the memory."""
FLUSH_SECONDS = 2.0
"""How old a record may get before those who watch a run can see it."""

T = TypeVar("T")


class Background(Generic[T]):
    """A sink that hands each entry to other sinks from its own thread.

    An error in a sink is raised by the next call.
    """

    def __init__(self, sinks: Sequence[Sink[T]]) -> None:
        self._sinks = sinks
        self._flushed = time.monotonic()
        self._queue: queue.Queue[T | None] = queue.Queue(BOUND)
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="records", daemon=True)
        self._thread.start()

    def write(self, entry: T) -> None:
        """Takes one entry; waits only when the queue is full."""
        self._raise()
        self._queue.put(entry)

    def flush(self) -> None:
        """Returns once every entry taken is flushed by every sink."""
        self._queue.join()
        self._raise()
        for sink in self._sinks:
            sink.flush()

    def close(self) -> None:
        """Ends the thread and closes the sinks, also after an error."""
        self._queue.put(None)
        self._thread.join()
        for sink in self._sinks:
            sink.close()
        self._raise()

    def _run(self) -> None:
        while (entry := self._queue.get()) is not None:
            try:
                if self._error is None:
                    self._pass_on(entry)
            except BaseException as error:
                self._error = error
            finally:
                self._queue.task_done()

    def _pass_on(self, entry: T) -> None:
        for sink in self._sinks:
            sink.write(entry)
        if time.monotonic() - self._flushed > FLUSH_SECONDS:
            for sink in self._sinks:
                sink.flush()
            self._flushed = time.monotonic()

    def _raise(self) -> None:
        if self._error is not None:
            error, self._error = self._error, None
            raise error
