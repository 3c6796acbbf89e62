"""What a program computes in lies in memory that the process keeps from one call to the next.

XLA asks for a program's working memory at each call and gives it back at the end; the C library gives it back
to the system, and the next call waits for every page of it again: 80 ms where a convolution takes 84 MB.
"""

import ctypes
import sys
from collections.abc import Callable

_TRIM_THRESHOLD, _MMAP_MAX, _ARENA_MAX = -1, -4, -8  # of mallopt(3)


def keep_memory() -> None:
    """Keeps freed memory for what is allocated next; called before any thread starts.

    Large blocks otherwise are mappings of their own, as they also are for threads that do not share the
    process's one growing heap. Without effect where the C library is not glibc.
    """
    mallopt = _function("mallopt")
    if mallopt is not None:
        for option, value in ((_ARENA_MAX, 1), (_MMAP_MAX, 0), (_TRIM_THRESHOLD, -1)):
            mallopt(option, value)


def release_memory() -> None:
    """Gives memory that is kept but not used back to the system, so that it counts as available."""
    malloc_trim = _function("malloc_trim")
    if malloc_trim is not None:
        malloc_trim(0)


def _function(name: str) -> Callable[..., int] | None:
    return getattr(ctypes.CDLL(None), name, None) if sys.platform == "linux" else None
