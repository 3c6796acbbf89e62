"""CIFAR-10 and CIFAR-100 in their binary format: records of labels, then 3,072 bytes, a channel at a time."""

import gzip
import io
import tarfile
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from runner.data.dataset import DataError, Source
from runner.data.places import cache, given_folder, own_folders

URL = "https://www.cs.toronto.edu/~kriz"
PIXELS = 3 * 32 * 32


class Published(NamedTuple):
    """What one of the two consists of."""

    name: str
    archive: str
    md5: str
    folder: str
    """In the archive."""
    train: tuple[str, ...]
    test: str
    labels: int
    """How many bytes of a record are labels; the last is the class."""
    names: str
    """The file with the names of the classes."""
    classes: int


CIFAR10 = Published(
    name="cifar10",
    archive="cifar-10-binary.tar.gz",
    md5="c32a1d4ab5d03f1284b67883e8d87530",
    folder="cifar-10-batches-bin",
    train=tuple(f"data_batch_{number}.bin" for number in range(1, 6)),
    test="test_batch.bin",
    labels=1,
    names="batches.meta.txt",
    classes=10,
)
CIFAR100 = Published(
    name="cifar100",
    archive="cifar-100-binary.tar.gz",
    md5="03b5dce01913d631647c71ecec9e9cb8",
    folder="cifar-100-binary",
    train=("train.bin",),
    test="test.bin",
    labels=2,
    names="fine_label_names.txt",
    classes=100,
)


def cifar10(path: str | None = None) -> Source:
    """50,000 training and 10,000 test images [32, 32, 3], ten classes (Krizhevsky 2009).

    The published archive of the binary version, or the folder that is in it, is looked for in `path` alone if
    it is given; else in $RUNNER_DATA and in the user's cache, to which it is downloaded if it is in neither.

    Raises:
        DataError: a file is missing, is not whole, or cannot be downloaded.
    """
    return _read(CIFAR10, path)


def cifar100(path: str | None = None) -> Source:
    """The same of CIFAR-100: a hundred classes, the fine ones; raises as `cifar10` does."""
    return _read(CIFAR100, path)


def _read(published: Published, path: str | None) -> Source:
    place = _place(published, path)
    needed = [*published.train, published.test, published.names]
    contents = _from_folder(place, needed) if place.is_dir() else _from_archive(place, needed)
    *parts, test, names = (contents[name] for name in needed)
    classes = tuple(names.decode(errors="replace").split())
    if len(classes) != published.classes:
        raise DataError(f"{place}: {published.names} has {len(classes)} names, expected {published.classes}")
    train = [_records(published, place, *pair) for pair in zip(published.train, parts, strict=True)]
    images, labels = (np.concatenate(arrays) for arrays in zip(*train, strict=True))
    return Source(images, labels, classes, 255.0, _records(published, place, published.test, test))


def _place(published: Published, path: str | None) -> Path:
    """The archive, or the folder with its files."""
    if path is not None:
        folder = Path(path).expanduser()
        found = folder if folder.is_file() else _in(folder, published)
        if found is None:
            reason = f"it has no {published.archive} and no {published.train[0]}"
            raise DataError(
                f"dataset.path={folder}: {reason if folder.is_dir() else 'there is no such folder'}"
            )
        return found
    for folder in (*given_folder(), *own_folders(published.name)):
        if found := _in(folder, published):
            return found
    # Imported only to download: what it needs takes a while.
    from runner.data.download import download

    archive = cache(published.name) / published.archive
    return download(f"{URL}/{published.archive}", published.md5, archive)


def _in(folder: Path, published: Published) -> Path | None:
    for inside in (folder, folder / published.folder):
        if all((inside / name).is_file() for name in (published.train[0], published.names)):
            return inside
    archive = folder / published.archive
    return archive if archive.is_file() else None


def _from_folder(folder: Path, needed: Sequence[str]) -> dict[str, bytes]:
    try:
        return {name: (folder / name).read_bytes() for name in needed}
    except OSError as error:
        raise DataError(f"{error.filename}: cannot be read ({error.strerror})") from error


def _from_archive(archive: Path, needed: Sequence[str]) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    try:
        # Decompressed whole, which checks it; and nothing is written: a name in an archive may lead anywhere.
        with tarfile.open(fileobj=io.BytesIO(gzip.decompress(archive.read_bytes()))) as files:
            for member in files:
                name = Path(member.name).name
                if name in needed and (content := files.extractfile(member)):
                    found[name] = content.read()
    except (OSError, EOFError, tarfile.TarError, zlib.error) as error:
        raise DataError(f"{archive}: truncated or corrupt ({_reason(error)}); download it again") from error
    for name in needed:
        if name not in found:
            raise DataError(f"{archive}: it has no {name}; download it again")
    return found


def _records(published: Published, place: Path, name: str, content: bytes) -> tuple[np.ndarray, np.ndarray]:
    size = published.labels + PIXELS
    if not content or len(content) % size:
        raise DataError(f"{place}: {name} has {len(content)} bytes, no multiple of {size}; download it again")
    records = np.frombuffer(content, np.uint8).reshape(-1, size)
    labels = records[:, published.labels - 1].astype(np.int32)
    if labels.max() >= published.classes:
        raise DataError(
            f"{place}: {name} has the label {labels.max()}, and there are {published.classes} classes"
        )
    images = records[:, published.labels :].reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1)
    return np.ascontiguousarray(images), labels


def _reason(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
