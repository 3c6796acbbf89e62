"""The arguments of commands that Hydra does not read."""

import argparse
from pathlib import Path
from typing import NoReturn

from runner.errors import ConfigError


class Arguments(argparse.ArgumentParser):
    """An ArgumentParser whose complaints are ConfigErrors."""

    def error(self, message: str) -> NoReturn:
        """Raises:
        ConfigError: always.
        """
        raise ConfigError(message)


def asks_for_help(argv: list[str]) -> bool:
    """Whether any of the arguments asks how the command is used."""
    return any(text in ("--help", "-h") for text in argv)


def folder_of(argv: list[str], usage: str) -> Path:
    """The folder that comes first.

    Raises:
        ConfigError: there is none.
    """
    first = argv[0] if argv else ""
    folder = Path(first)
    if first and folder.is_dir():
        return folder
    if not first or first.startswith("-") or "=" in first:
        before = f" before {first}" if first else ""
        raise ConfigError(f"PATH is missing{before}; usage: {usage}")
    raise ConfigError(f"{folder}: there is no such folder")
