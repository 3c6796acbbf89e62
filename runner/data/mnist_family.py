"""The four IDX files that MNIST and the data sets in its place have."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from runner.data.dataset import DataError, Source
from runner.data.idx import read_idx


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
