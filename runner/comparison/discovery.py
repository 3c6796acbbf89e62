"""Where the runs are: the paths of a command to the runs under them."""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from runner.comparison.model import Run
from runner.comparison.reading import read_run
from runner.errors import ConfigError
from runner.folder import CONFIG, DOCTOR, RANGE_TEST, SUMMARY

DEPTH = 3
"""How many levels down: `outputs/sweeps` holds days, a day holds sweeps, a sweep holds runs."""
MARK = ".comparison"
"""An empty file in every folder that a comparison was written to: what lies there may be replaced."""
NOT_RUNS = "checkpoints"
"""In a sweep's folder: the stores of its groups while they train."""
NAMED = 3


class Found(NamedTuple):
    """What the paths hold."""

    runs: list[Run]
    unread: list[str]
    """One line for each folder that should hold a run and does not."""


def find_runs(paths: Sequence[Path]) -> Found:
    """Every run under the paths, once each, by path and number.

    Raises ConfigError if a path is no folder or holds no run that can be read.
    """
    found: dict[Path, tuple[Path, Path]] = {}
    for path in paths:
        for folder in _run_folders(path):
            found.setdefault(folder.resolve(), (folder, path))
    names = _names([folder for folder, _ in found.values()])
    runs, unread = [], []
    for name, (folder, path) in zip(names, found.values(), strict=True):
        try:
            runs.append(read_run(folder, path, name))
        except ConfigError as error:
            unread.append(str(error))
    if not runs:
        raise ConfigError(unread[0] if unread else f"{paths[0]}: no run in it")
    return Found(runs, unread)


def unread_caution(unread: Sequence[str]) -> list[str]:
    """A sentence that names the folders that could not be read, if any."""
    if not unread:
        return []
    more = f"; and {len(unread) - NAMED} more" if len(unread) > NAMED else ""
    count = "1 run" if len(unread) == 1 else f"{len(unread)} runs"
    return [f"{count} could not be read: {'; '.join(unread[:NAMED])}{more}"]


def _run_folders(path: Path) -> list[Path]:
    if not path.is_dir():
        raise ConfigError(f"{path}: there is no such folder")
    folders = list(_walk(path, DEPTH))
    if not folders:
        raise ConfigError(f"{path}: holds no run (a run's folder has a {SUMMARY})")
    return folders


def _walk(path: Path, depth: int) -> Iterable[Path]:
    if (path / RANGE_TEST).exists() or (path / DOCTOR).exists():
        return
    if (path / SUMMARY).exists() or (path / CONFIG).exists():
        yield path
    elif depth:
        for child in sorted(path.iterdir(), key=_natural):
            if _may_hold_runs(child):
                yield from _walk(child, depth - 1)


def _may_hold_runs(path: Path) -> bool:
    hidden = path.name.startswith(".") or path.name == NOT_RUNS
    return path.is_dir() and not hidden and not (path / MARK).exists()


def _names(folders: list[Path]) -> list[str]:
    # The shortest ends of the paths that tell all runs apart: `3`, or `09-30-00/3`.
    parts = [folder.resolve().parts for folder in folders]
    for length in range(1, max(map(len, parts), default=1)):
        names = ["/".join(part[-length:]) for part in parts]
        if len(set(names)) == len(names):
            return names
    return [str(folder) for folder in folders]


def _natural(path: Path) -> list[tuple[int, str]]:
    # 2 before 10.
    return [(int(text), "") if text.isdigit() else (-1, text) for text in re.split(r"(\d+)", path.name)]
