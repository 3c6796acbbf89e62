"""Where the files of published data sets are looked for."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from runner.data.dataset import DataError


def given_folder() -> list[Path]:
    """$RUNNER_DATA, if it is set."""
    root = os.environ.get("RUNNER_DATA")
    return [Path(root).expanduser()] if root else []


def own_folders(name: str) -> list[Path]:
    """The folders that a data set has for itself: in $RUNNER_DATA, and in the user's cache."""
    given = [folder / own for folder in given_folder() for own in (name, name.replace("_", "-"))]
    return [*given, cache(name)]


def cache(name: str) -> Path:
    """The folder of a data set in the user's cache."""
    root = os.environ.get("XDG_CACHE_HOME")
    return (Path(root) if root else Path.home() / ".cache") / "runner" / name


def find_files(
    url: str,
    checksums: Mapping[str, str],
    path: str | None,
    folders: Sequence[Path],
    downloads: Path,
) -> list[Path]:
    """The files of a data set, in the order of `checksums`, which are md5 of the gzipped files at `url`.

    They are looked for in `path` alone if it is given, else in the first of `folders` that has them all; if
    none has, they are downloaded.

    Raises:
        DataError: `path` lacks one, or they cannot be downloaded.
    """
    if path is not None:
        return _all_in(Path(path).expanduser(), list(checksums))
    for folder in folders:
        if all(_in(folder, stem) for stem in checksums):
            return _all_in(folder, list(checksums))
    # Imported only to download: what it needs takes a while.
    from runner.data.download import download

    return [download(f"{url}/{stem}.gz", md5, downloads / f"{stem}.gz") for stem, md5 in checksums.items()]


def _in(folder: Path, stem: str) -> Path | None:
    found = (folder / f"{stem}{ending}" for ending in ("", ".gz"))
    return next((path for path in found if path.is_file()), None)


def _all_in(folder: Path, stems: list[str]) -> list[Path]:
    found = {stem: _in(folder, stem) for stem in stems}
    for stem, path in found.items():
        if path is None:
            reason = f"it has no {stem} or {stem}.gz" if folder.is_dir() else "there is no such folder"
            raise DataError(f"dataset.path={folder}: {reason}")
    return [path for path in found.values() if path is not None]
