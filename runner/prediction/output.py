"""Where predictions go: a file that is there only once it is whole, or standard output."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from runner.errors import ConfigError, RunError


def refuse_output(path: Path) -> None:
    """Raises ConfigError where no new file can be at `path`."""
    if path.exists() or path.is_symlink():
        raise ConfigError(f"--output {path}: it exists, and nothing is written over; choose another name")
    if not path.parent.is_dir():
        raise ConfigError(f"--output {path}: there is no folder {path.parent}")


@contextmanager
def written(path: Path | None) -> Iterator[TextIO]:
    """A file to write to, which gets its name at the end, if nothing was raised; standard output for None.

    Raises:
        ConfigError: meanwhile something else got that name.
        RunError: it cannot be written, as on a full disk.
    """
    if path is None:
        yield sys.stdout
        return
    # Of this process alone: two that write to one name do not meet before the end.
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        # Names of files need not be UTF-8; they are written as they are.
        with partial.open("x", encoding="utf-8", errors="surrogateescape", newline="") as file:
            yield file
        refuse_output(path)
        partial.rename(path)
    except OSError as error:
        raise RunError(f"{path}: {error.strerror}") from error
    finally:
        partial.unlink(missing_ok=True)
