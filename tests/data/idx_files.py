"""IDX files as the MNIST family has them."""

import gzip
import struct
from pathlib import Path

import numpy as np

STEMS = (
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
)


def idx(array: np.ndarray) -> bytes:
    header = struct.pack(">HBB", 0, 0x08, array.ndim)
    return header + struct.pack(f">{array.ndim}I", *array.shape) + array.astype(np.uint8).tobytes()


def family(train: int = 60, test: int = 20, seed: int = 0) -> list[np.ndarray]:
    random = np.random.default_rng(seed)
    return [
        random.integers(0, 256, (train, 28, 28)),
        random.integers(0, 10, train),
        random.integers(0, 256, (test, 28, 28)),
        random.integers(0, 10, test),
    ]


def write_family(folder: Path, arrays: list[np.ndarray], zipped: bool = False) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for stem, array in zip(STEMS, arrays, strict=True):
        content = idx(array)
        path = folder / (f"{stem}.gz" if zipped else stem)
        path.write_bytes(gzip.compress(content, mtime=0) if zipped else content)
    return folder
