"""A device that has no room for what it is asked to hold."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from jax.errors import JaxRuntimeError


class OutOfMemoryError(Exception):
    """The device's memory is too small."""


@contextmanager
def out_of_memory() -> Iterator[None]:
    """Inside, JAX's error for memory that ran out is an OutOfMemoryError of one line."""
    try:
        yield
    except JaxRuntimeError as error:
        if not str(error).startswith("RESOURCE_EXHAUSTED"):
            raise
        reason = str(error).partition("\n")[0].removeprefix("RESOURCE_EXHAUSTED: ")
        raise OutOfMemoryError(f"the device's memory is too small ({reason})") from error


def free_bytes(device: Any) -> int:
    """How much of a device's memory a program may take: nine tenths of what is free, of the host's half."""
    stats = device.memory_stats() or {}
    if "bytes_limit" in stats:
        return round(0.9 * (stats["bytes_limit"] - stats.get("bytes_in_use", 0)))
    return _available() // 2


def room_for_data(device: Any) -> int:
    """How much memory the inputs of a data set may take: half the device's, and half the host's.

    Where the device is the host, the inputs lie there twice, and it is a quarter. It is a share of all the
    memory, not of what is free: a run must find the same whenever it is resumed.
    """
    stats = device.memory_stats() or {}
    return min(stats.get("bytes_limit", _total() // 2), _total()) // 2


def _total() -> int:
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")


def _available() -> int:
    try:
        lines = Path("/proc/meminfo").read_text(encoding="utf-8").splitlines()
        known = dict(line.split(":", 1) for line in lines)
        return 1024 * int(known["MemAvailable"].split()[0])
    except (OSError, KeyError, ValueError):
        return _total() // 2
