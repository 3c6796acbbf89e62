"""Blocks of inputs from image files."""

import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from runner.data.dataset import DataError
from runner.data.pixels import decoded, is_image
from runner.prediction.blocks import Block, Expected, grouped


def image_blocks(where: Path, files: Iterable[Path], expected: Expected) -> Iterator[Block]:
    """Blocks of images of any kind and size, made those that the run takes, named by their paths.

    They are resized as those of a folder that is trained on; white is the maximum of the run's data set.

    Raises:
        DataError: the run takes no images, or an image is not whole; `where` they all are.
    """
    if not expected.is_image or expected.shape[2] not in (1, 3):
        instead = "a .csv or an .npz" if len(expected.shape) == 1 else "an .npz"
        raise DataError(f"{where}: images, and the run was trained on {expected.shown}; give it {instead}")
    *shape, channels = expected.shape

    def read(file: Path) -> np.ndarray:
        return decoded(file, (shape[0], shape[1]), channels)

    with ThreadPoolExecutor(os.cpu_count()) as pool:  # decoding needs no Python
        for some in grouped(files, expected.block_size):
            pixels = np.stack(list(pool.map(read, some)))
            inputs = pixels if expected.maximum == 255 else pixels * np.float32(expected.maximum / 255)
            yield Block([str(file) for file in some], inputs)


def images_in(folder: Path) -> Iterator[Path]:
    """Image files in a folder and in those inside it, in the order of their names, but for hidden ones."""
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if is_image(Path(name)) and not name.startswith("."):
                yield Path(place, name)
