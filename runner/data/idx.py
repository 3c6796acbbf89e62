"""The IDX format of the MNIST family (LeCun, Cortes, Burges)."""

import gzip
import math
import zlib
from pathlib import Path

import numpy as np

from runner.data.dataset import DataError

UNSIGNED_BYTE = 0x08


def read_idx(path: Path) -> np.ndarray:
    """The array in an IDX file of unsigned bytes, gzipped or not: uint8, of the shape that its header gives.

    Raises:
        DataError: the file is missing, cannot be read, or is not whole.
    """
    content = _decompressed(path)
    if len(content) < 4 or content[:2] != b"\0\0" or content[2] != UNSIGNED_BYTE or content[3] == 0:
        raise DataError(f"{path}: not an IDX file of unsigned bytes; download it again")
    axes = content[3]
    start = 4 + 4 * axes
    shape = (
        tuple(int(size) for size in np.frombuffer(content[4:start], ">u4")) if len(content) >= start else ()
    )
    expected = start + math.prod(shape)
    if len(shape) != axes or len(content) != expected:
        raise DataError(
            f"{path}: {len(content)} bytes where its header asks for {expected}; download it again"
        )
    return np.frombuffer(content, np.uint8, offset=start).reshape(shape)


def _decompressed(path: Path) -> bytes:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DataError(f"{path}: cannot be read ({error.strerror})") from error
    if content[:2] != b"\x1f\x8b":
        return content
    try:
        return gzip.decompress(content)
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(f"{path}: truncated or corrupt ({error}); download it again") from error
