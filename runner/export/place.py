"""The folder of an export: it is there once it is whole, and never written over."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from runner.errors import ConfigError, RunError


def refuse_place(path: Path) -> None:
    """Raises ConfigError where no new folder can be at `path`."""
    if path.is_symlink() or (path.exists() and not path.is_dir()):
        raise ConfigError(f"--output {path}: it is no folder; choose another name")
    if path.is_dir() and any(path.iterdir()):
        raise ConfigError(
            f"--output {path}: the folder is not empty, and nothing is written over; choose another"
        )
    if not path.parent.is_dir():
        raise ConfigError(f"--output {path}: there is no folder {path.parent}")


@contextmanager
def new_folder(path: Path) -> Iterator[Path]:
    """A folder to write to, which gets its name at the end, if nothing was raised.

    Raises:
        ConfigError: meanwhile something else got that name.
        RunError: it cannot be written, as on a full disk.
    """
    target = path.resolve()
    partial = target.with_name(f".{target.name}.{os.getpid()}.partial")
    try:
        partial.mkdir()
        yield partial
        refuse_place(path)
        partial.rename(target)
    except OSError as error:
        raise RunError(f"{path}: {error.strerror}") from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
