"""Images in folders that are named by their classes."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from runner.data.dataset import DataError, Source
from runner.data.pixels import check_channels, decoded, height_and_width, is_image
from runner.data.streamed import Streamed


def image_folder(*, path: str | None = None, size: int | Sequence[int], channels: int) -> Source:
    """The images of `path/CLASS/`, in the order of their names: streamed uint8 [n, height, width, channels].

    Where `path` holds `train` and `test` alone, with the classes in each, these are the splits. Images of any
    size are resized to `size` (bilinear, averaging over what a pixel covers), whatever their proportions.

    Args:
        path: the folder.
        size: the side of a square, or [height, width].
        channels: 3 for colours, 1 for grey.

    Raises:
        DataError: there is no such folder, it has no classes, or a class has no images.
    """
    if path is None:
        raise DataError(
            "dataset.path is null: name the folder with a folder a class, like dataset.path=images"
        )
    root, shape = Path(path).expanduser(), height_and_width(size)
    check_channels(channels)
    folders = _folders(root)
    if sorted(folder.name for folder in folders) != ["test", "train"]:
        return Source(*_read(folders, shape, channels), tuple(folder.name for folder in folders), 255.0)
    train, test = (_folders(root / split) for split in ("train", "test"))
    classes, others = (tuple(folder.name for folder in split) for split in (train, test))
    if classes != others:
        odd = sorted(set(classes) ^ set(others))
        raise DataError(f"{root}: train and test have other classes: {', '.join(odd[:8])}")
    return Source(*_read(train, shape, channels), classes, 255.0, _read(test, shape, channels))


def _folders(root: Path) -> list[Path]:
    if not root.is_dir():
        raise DataError(f"dataset.path={root}: there is no such folder")
    folders = sorted(entry for entry in root.iterdir() if entry.is_dir() and not entry.name.startswith("."))
    if not folders:
        raise DataError(f"dataset.path={root}: it has no folders; expected one a class")
    return folders


def _read(folders: Sequence[Path], shape: tuple[int, int], channels: int) -> tuple[Streamed, np.ndarray]:
    names = [_images_in(folder) for folder in folders]
    labels = np.repeat(np.arange(len(folders), dtype=np.int32), [len(own) for own in names])
    # A name and the number of its folder: millions of paths would fill the memory that streaming is to save.
    flat = [name for own in names for name in own]

    def file(example: int) -> Path:
        return folders[labels[example]] / flat[example]

    def read(examples: np.ndarray) -> np.ndarray:
        return np.stack([decoded(file(example), shape, channels) for example in examples.tolist()])

    def origin() -> str:
        return _digest([file(example) for example in range(len(flat))])

    return Streamed((len(labels), *shape, channels), np.dtype(np.uint8), read, origin), labels


def _images_in(folder: Path) -> list[str]:
    files = (file for file in folder.iterdir() if file.is_file() and not file.name.startswith("."))
    images = sorted(file.name for file in files if is_image(file))
    if not images:
        raise DataError(f"{folder}: it has no images (a file's ending says what it is, like .png or .jpg)")
    return images


def _digest(files: Sequence[Path]) -> str:
    """Of the names and the sizes of files."""
    digest = hashlib.blake2b(digest_size=8)
    for file in files:
        digest.update(f"{file.parent.name}/{file.name} {file.stat().st_size}\n".encode())
    return digest.hexdigest()
