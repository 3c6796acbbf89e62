"""Makes the next thing while the last one is in use."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Generic, TypeVar

T = TypeVar("T")


class Ahead(Generic[T]):
    """An iterator over what calls of a function return, made in a thread of its own, one ahead.

    It ends where the function raises StopIteration; whatever else is raised comes where that thing is taken.
    """

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="ahead")
        self._coming = self._thread.submit(make)

    def __iter__(self) -> "Ahead[T]":
        return self

    def __next__(self) -> T:
        made = self._coming.result()
        self._coming = self._thread.submit(self._make)
        return made

    def __enter__(self) -> "Ahead[T]":
        return self

    def __exit__(self, *_: object) -> None:
        # Without waiting for what nobody needs any more.
        self._thread.shutdown(wait=False, cancel_futures=True)
