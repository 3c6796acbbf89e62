"""The MNIST family: four IDX files, wherever they are."""

import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from runner.data.dataset import DataError, Source
from runner.data.idx import read_idx

CLASSES = (
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
)
URL = "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com"
MD5 = {
    "train-images-idx3-ubyte": "8d4fb7e6c68d591d4c3dfef9ec88bf0d",
    "train-labels-idx1-ubyte": "25c81989df183df01b3e8a0aad5dffbe",
    "t10k-images-idx3-ubyte": "bef4ecab320f06d8554ea6380940ec79",
    "t10k-labels-idx1-ubyte": "bb300cfdad3c16e7a12a480ee83cd310",
}
"""Of the published files, gzipped."""
DEBIAN = Path("/usr/share/datasets/fashion-mnist")


def fashion_mnist(path: str | None = None) -> Source:
    """60,000 training and 10,000 test images [28, 28, 1] of clothes (Xiao et al. 2017, arXiv 1708.07747).

    The four files, gzipped or not, are looked for in `path` alone if it is given; else in $RUNNER_DATA, in
    the user's cache and where Debian's package dataset-fashion-mnist puts them, and are downloaded to the
    cache if they are in none of these.

    Raises:
        DataError: a file is missing, is not whole, or cannot be downloaded.
    """
    return read_family(find_files("fashion_mnist", URL, MD5, path, [DEBIAN]), CLASSES)


def find_files(
    name: str, url: str, checksums: Mapping[str, str], path: str | None, installed: list[Path]
) -> list[Path]:
    """The files of a data set, in the order of `checksums`, which are md5 of the gzipped files at `url`.

    Raises:
        DataError: `path` lacks one, or none of the places has them all and they cannot be downloaded.
    """
    if path is not None:
        return _all_in(Path(path).expanduser(), list(checksums))
    cache = _cache() / name
    for folder in (*_data_folders(name), cache, *installed):
        if all(_in(folder, stem) for stem in checksums):
            return _all_in(folder, list(checksums))
    # Imported only to download: what it needs takes a while.
    from runner.data.download import download

    return [download(f"{url}/{stem}.gz", md5, cache / f"{stem}.gz") for stem, md5 in checksums.items()]


def read_family(files: list[Path], classes: tuple[str, ...]) -> Source:
    """Training images and labels, test images and labels, in this order.

    Raises:
        DataError: a file is not whole, or images and labels do not belong together.
    """
    with ThreadPoolExecutor(len(files)) as pool:  # decompressing needs no Python
        images, labels, test_images, test_labels = pool.map(read_idx, files)
    _check(files[0], images, labels, len(classes))
    _check(files[2], test_images, test_labels, len(classes))
    test = (test_images[..., None], test_labels.astype(np.int32))
    return Source(images[..., None], labels.astype(np.int32), classes, 255.0, test)


def _check(path: Path, images: np.ndarray, labels: np.ndarray, classes: int) -> None:
    if images.ndim != 3 or labels.shape != images.shape[:1]:
        raise DataError(
            f"{path}: {images.shape} images do not fit {labels.shape} labels; download them again"
        )
    if len(labels) and labels.max() >= classes:
        raise DataError(f"{path}: its labels go up to {labels.max()}, and there are {classes} classes")


def _data_folders(name: str) -> list[Path]:
    root = os.environ.get("RUNNER_DATA")
    if not root:
        return []
    folder = Path(root).expanduser()
    return [folder, folder / name, folder / name.replace("_", "-")]


def _cache() -> Path:
    root = os.environ.get("XDG_CACHE_HOME")
    return (Path(root) if root else Path.home() / ".cache") / "runner"


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
