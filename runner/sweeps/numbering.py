"""The runs of a sweep's folder: each in a folder that its number names."""

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


def claim(sweep: Path, asked: int | None = None) -> Path:
    """A new folder for one more run: the number that is asked for if it is free, else the next free one."""
    if asked is not None:
        place = sweep / str(asked)
        # A launcher of Hydra's has made the folder of its job already.
        if not place.exists() or not any(place.iterdir()):
            place.mkdir(parents=True, exist_ok=True)
            return place
    number = max(run_folders(sweep), default=-1) + 1
    while True:
        try:
            (sweep / str(number)).mkdir(parents=True)
            return sweep / str(number)
        except FileExistsError:  # another process was faster
            number += 1
