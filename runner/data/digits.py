"""Handwritten digits of 8x8 pixels, read from scikit-learn's own file."""

import gzip
from pathlib import Path

import numpy as np

from runner.data.dataset import DataError, Source
from runner.data.scikit_learn import installed_file


def digits() -> Source:
    """1,797 images [8, 8, 1] of the values 0 to 16, ten classes (Alpaydin and Kaynak 1998).

    Raises:
        DataError: scikit-learn or its file is missing.
    """
    table = _read(installed_file("digits", "digits.csv.gz"))
    images, labels = table[:, :64].reshape(-1, 8, 8, 1), table[:, 64]
    return Source(
        images.astype(np.uint8),
        labels.astype(np.int32),
        tuple("0123456789"),
        16.0,
        groupings={"parity": (0, 1) * 5},
    )


def _read(path: Path) -> np.ndarray:
    try:
        text = gzip.decompress(path.read_bytes()).decode()
        return np.array(text.replace("\n", ",").rstrip(",").split(","), dtype=np.int64).reshape(-1, 65)
    except (OSError, EOFError, ValueError) as error:
        raise DataError(f"{path}: not scikit-learn's digits ({error}); reinstall scikit-learn") from error
