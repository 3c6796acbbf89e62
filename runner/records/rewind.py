"""Takes a run's records back to a checkpoint, so that resuming writes no step twice."""

import os
from collections.abc import Mapping
from pathlib import Path

from runner.records import jsonlines, tensorboard


def positions(folder: Path) -> dict[str, int]:
    """The size in bytes of every record file, by name; the sinks must be flushed."""
    return {file.name: file.stat().st_size for file in _files(folder)}


def rewind(folder: Path, positions: Mapping[str, int]) -> None:
    """Cuts every record file back to its position.

    What lay beyond is written again, the same, by the run that goes on; a file the checkpoint does not
    know held nothing else.
    """
    for file in _files(folder):
        if file.name in positions:
            os.truncate(file, positions[file.name])
        else:
            file.unlink()


def _files(folder: Path) -> list[Path]:
    return sorted([*folder.glob(jsonlines.NAME), *folder.glob(tensorboard.PATTERN)])
