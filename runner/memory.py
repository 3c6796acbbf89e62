"""A device that has no room for what it is asked to hold."""

from collections.abc import Iterator
from contextlib import contextmanager

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
