"""Tables of numbers that scikit-learn ships, read from its own files."""

import gzip
import importlib.util
import re
import zlib
from pathlib import Path

import numpy as np

from runner.data.dataset import DataError, Source


def iris() -> Source:
    """150 flowers of 4 features, three classes (Fisher 1936).

    Raises:
        DataError: scikit-learn or its file is missing, or the file is not whole.
    """
    return _classes("iris", "iris.csv")


def wine() -> Source:
    """178 wines of 13 features, three classes (Forina et al. 1988); raises as `iris` does."""
    return _classes("wine", "wine_data.csv")


def breast_cancer() -> Source:
    """569 tumours of 30 features, malignant or benign (Wolberg et al. 1993); raises as `iris` does."""
    return _classes("breast_cancer", "breast_cancer.csv")


def diabetes() -> Source:
    """442 patients of 10 features as measured, and how far the disease went in a year (Efron et al. 2004).

    These are `sklearn.datasets.load_diabetes(scaled=False)`: preprocessing scales them by the training split.
    Raises as `iris` does.
    """
    inputs = _numbers(installed_file("diabetes", "diabetes_data_raw.csv.gz"), " ", 10)
    targets = _numbers(installed_file("diabetes", "diabetes_target.csv.gz"), " ", 1)
    return Source(inputs.astype(np.float32), targets.astype(np.float32), None, 1.0)


def installed_file(data_set: str, name: str) -> Path:
    """Where scikit-learn keeps one of its files.

    Raises:
        DataError: scikit-learn is not installed.
    """
    # Found, not imported: scikit-learn takes longer to import than the whole run takes to train.
    spec = importlib.util.find_spec("sklearn")
    if spec is None or not spec.submodule_search_locations:
        raise DataError(
            f"{data_set}: scikit-learn is not installed, and the data is in it; pip install scikit-learn"
        )
    return Path(spec.submodule_search_locations[0]) / "datasets" / "data" / name


def _classes(data_set: str, name: str) -> Source:
    path = installed_file(data_set, name)
    header, _, rows = _text(path).partition("\n")
    found = re.match(r"(\d+),(\d+),(.+)", header)
    if found is None:
        raise _broken(path, f"its header is {header[:40]!r}")
    table = _parsed(path, rows, ",", int(found[2]) + 1)
    if len(table) != int(found[1]):
        raise _broken(path, f"{len(table)} rows where its header says {found[1]}")
    labels = table[:, -1].astype(np.int32)
    return Source(table[:, :-1].astype(np.float32), labels, tuple(found[3].strip().split(",")), 1.0)


def _numbers(path: Path, separator: str, columns: int) -> np.ndarray:
    return _parsed(path, _text(path), separator, columns)


def _parsed(path: Path, rows: str, separator: str, columns: int) -> np.ndarray:
    try:
        return np.array([row.split(separator) for row in rows.splitlines()], np.float64).reshape(-1, columns)
    except ValueError as error:
        raise _broken(path, str(error)) from error


def _text(path: Path) -> str:
    try:
        content = path.read_bytes()
        return (gzip.decompress(content) if path.suffix == ".gz" else content).decode()
    except (OSError, EOFError, zlib.error, UnicodeError) as error:
        raise _broken(path, str(error)) from error


def _broken(path: Path, reason: str) -> DataError:
    return DataError(f"{path}: not scikit-learn's table ({reason}); reinstall scikit-learn")
