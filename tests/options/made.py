"""Files for the data sets that read some, and the overrides of a row of options."""

from collections.abc import Mapping
from pathlib import Path

SMALL = ["dataset.subset=64", "batch_size=16"]


def overrides_of(options: Mapping[str, str], files: Mapping[str, Path]) -> list[str]:
    """The overrides that choose these options, and find the files of their data set."""
    chosen = [f"{group}={option}" for group, option in options.items()]
    path = files.get(options.get("dataset", ""))
    return [*chosen, *SMALL, *([] if path is None else [f"dataset.path={path}"])]
