"""Handwritten digits of 8x8 pixels, read from scikit-learn's own file."""

import gzip
import importlib.util
from pathlib import Path

import numpy as np

from runner.data.dataset import DataError, Source


def digits() -> Source:
    """1,797 images [8, 8, 1] of the values 0 to 16, ten classes (Alpaydin and Kaynak 1998).

    Raises:
        DataError: scikit-learn or its file is missing.
    """
    table = _read(_file("digits.csv.gz"))
    images, labels = table[:, :64].reshape(-1, 8, 8, 1), table[:, 64]
    return Source(
        images.astype(np.uint8),
        labels.astype(np.int32),
        tuple("0123456789"),
        16.0,
        groupings={"parity": (0, 1) * 5},
    )


def _file(name: str) -> Path:
    # Found, not imported: scikit-learn takes longer to import than the whole run takes to train.
    spec = importlib.util.find_spec("sklearn")
    if spec is None or not spec.submodule_search_locations:
        raise DataError(
            "digits: scikit-learn is not installed, and the data is in it; pip install scikit-learn"
        )
    return Path(spec.submodule_search_locations[0]) / "datasets" / "data" / name


def _read(path: Path) -> np.ndarray:
    try:
        text = gzip.decompress(path.read_bytes()).decode()
        return np.array(text.replace("\n", ",").rstrip(",").split(","), dtype=np.int64).reshape(-1, 65)
    except (OSError, EOFError, ValueError) as error:
        raise DataError(f"{path}: not scikit-learn's digits ({error}); reinstall scikit-learn") from error
