"""Blocks of inputs from an .npz file."""

import math
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, NamedTuple

import numpy as np

from runner.data.dataset import DataError
from runner.data.npz import reading
from runner.prediction.blocks import Block, Expected

MEMBER = "inputs"


def array_blocks(path: Path, expected: Expected) -> Iterator[Block]:
    """Blocks of the array `inputs`, named by their place in it, from 0; its other arrays are not read.

    Images are whole numbers up to the maximum of the run's data set, or numbers from 0 to 1; of a data set
    that has them from 0 to 1, uint8 counts to 255. A single channel need not have an axis.

    Raises:
        DataError: the file is not whole, or holds no array `inputs` such as the run takes.
    """
    with reading(path), zipfile.ZipFile(path) as archive:
        if f"{MEMBER}.npy" not in archive.namelist():
            held = ", ".join(name.removesuffix(".npy") for name in archive.namelist())
            raise DataError(f"{path}: it has no {MEMBER}; it holds {held or 'nothing'}")
        with archive.open(f"{MEMBER}.npy") as stream:
            for first, stored in _stored(path, stream, expected):
                examples = range(first, first + len(stored))
                found = _as_trained(stored.reshape(len(stored), *expected.shape), expected)
                if found.wrong.any():
                    name = examples[int(found.wrong.argmax())]
                    raise DataError(f"{path}: {MEMBER}[{name}] is not all {found.right}")
                yield Block(examples, found.inputs)


def _stored(path: Path, stream: IO[bytes], expected: Expected) -> Iterator[tuple[int, np.ndarray]]:
    """Parts of the array and where they begin, read as they are asked for."""
    read_header = {
        (1, 0): np.lib.format.read_array_header_1_0,
        (2, 0): np.lib.format.read_array_header_2_0,
    }[np.lib.format.read_magic(stream)]
    shape, by_columns, dtype = read_header(stream)
    fits = shape[1:] == expected.shape or (expected.is_image and (*shape[1:], 1) == expected.shape)
    if not shape or not fits or dtype.kind not in "biuf":
        taken = ", ".join(["n", *map(str, expected.shape)])
        raise DataError(f"{path}: {MEMBER} is {dtype} {list(shape)}, expected numbers [{taken}]")
    # Stored the other way round, no example is whole before all are read.
    whole = np.load(path, allow_pickle=False)[MEMBER] if by_columns else None
    size, length = expected.block_size, math.prod(shape[1:]) * dtype.itemsize
    for first in range(0, shape[0], size):
        count = min(size, shape[0] - first)
        if whole is not None:
            yield first, whole[first : first + count]
            continue
        data = stream.read(count * length)
        if len(data) < count * length:
            raise EOFError(f"{MEMBER} ends within example {first + len(data) // length}")
        yield first, np.frombuffer(data, dtype).reshape(count, *shape[1:])


class _Found(NamedTuple):
    inputs: np.ndarray
    """[n, ...], as the data set of the run stores them."""
    wrong: np.ndarray
    """Which are not such as they have to be, [n]."""
    right: str
    """What they have to be."""


def _as_trained(array: np.ndarray, expected: Expected) -> _Found:
    with np.errstate(over="ignore"):  # what that makes infinite is refused
        inputs = array.astype(np.float32)
    if not expected.is_image:
        return _Found(inputs, _with_any(~np.isfinite(inputs)), "finite numbers")
    scale = expected.maximum if array.dtype.kind in "bf" else 1.0
    most = expected.maximum / scale
    if array.dtype == np.uint8 and most == 1:
        scale, most = 1 / 255, 255.0
    wrong = _with_any(~((inputs >= 0) & (inputs <= most)))
    right = f"whole numbers from 0 to {expected.maximum:g}, or others from 0 to 1"
    return _Found(array if scale == 1 else inputs * np.float32(scale), wrong, right)


def _with_any(marked: np.ndarray) -> np.ndarray:
    """Which examples [n] have anything marked [n, ...]."""
    return np.asarray(marked.any(axis=tuple(range(1, marked.ndim))))
