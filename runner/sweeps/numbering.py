"""The runs of a sweep's folder: each in a folder that its number names."""

import contextlib
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from runner.errors import ConfigError
from runner.folder import read_summary


def run_folders(sweep: Path) -> dict[int, Path]:
    """The folders of a sweep's runs by number, ascending."""
    if not sweep.is_dir():
        return {}
    found = {int(path.name): path for path in sweep.iterdir() if path.name.isdigit() and path.is_dir()}
    return dict(sorted(found.items()))


def summaries(sweep: Path) -> dict[int, dict[str, Any]]:
    """The summaries of a sweep's runs by number; a folder that was killed before it had one is left out."""
    found = {}
    for number, path in run_folders(sweep).items():
        try:
            found[number] = read_summary(path)
        except ConfigError:
            continue
    return found


def by_identity(sweep: Path) -> dict[str, int]:
    """The number of the run of each identity that the sweep has."""
    return {
        summary["identity"]: number for number, summary in summaries(sweep).items() if "identity" in summary
    }


def value_of(summary: Mapping[str, Any]) -> float:
    """The best value of a run's objective; nan where it has none, or diverged: what a search goes by."""
    value = summary["best"]["value"]
    return math.nan if value is None or summary["status"] == "diverged" else value


def claim(sweep: Path, asked: int | None = None) -> Path:
    """A new folder for one more run: the number that is asked for if it is free, else the next free one.

    It has an empty `.hydra` then: of processes that want the same number, the first to make that has it.
    """
    number = _next(sweep) if asked is None or _is_taken(sweep / str(asked)) else asked
    while True:
        try:
            (sweep / str(number) / ".hydra").mkdir(parents=True)
            return sweep / str(number)
        except FileExistsError:  # another process was faster
            number = max(number + 1, _next(sweep))


def drop_empty(sweep: Path) -> None:
    """Removes the folders that a launcher of Hydra's made for jobs which the sweep had runs of already."""
    for path in run_folders(sweep).values():
        with contextlib.suppress(OSError):
            path.rmdir()


def _next(sweep: Path) -> int:
    return max((number for number, path in run_folders(sweep).items() if _is_taken(path)), default=-1) + 1


def _is_taken(place: Path) -> bool:
    # A launcher of Hydra's makes the folder of a job, and nothing in it.
    return place.exists() and any(place.iterdir())
