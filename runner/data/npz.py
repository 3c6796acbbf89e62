"""Arrays in an .npz file of NumPy's."""

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from runner.data.dataset import DataError, Source
from runner.data.targets import refuse_unknown_task

PAIRS = ("inputs", "targets"), ("test_inputs", "test_targets")


def npz(*, path: str | None = None, task: str) -> Source:
    """The arrays `inputs` and `targets`; `test_inputs` and `test_targets` are an official test set.

    Inputs are images [n, height, width] or [n, height, width, channels], uint8 or floats from 0 to 1, or
    features [n, d]. Targets are whole numbers [n] from 0 to classify, with the names of the classes in
    `classes` if it is there; for regression they are numbers [n] or [n, k]. `maximum` is the largest value of
    uint8 images where it is not 255.

    Raises:
        DataError: the file is missing or not whole, holds Python objects, or lacks an array; or an array is
            not what it should be.
    """
    refuse_unknown_task(task)
    if path is None:
        raise DataError("dataset.path is null: name the .npz file, like dataset.path=arrays.npz")
    file = Path(path).expanduser()
    arrays = _read(file)
    pairs = [_pair(file, arrays, names, task) for names in PAIRS[: 1 + (PAIRS[1][0] in arrays)]]
    (inputs, targets), *test = pairs
    maximum = float(arrays.get("maximum", 255.0)) if inputs.dtype == np.uint8 else 1.0
    classes = None if task == "regression" else _classes(file, arrays, [labels for _, labels in pairs])
    return Source(inputs, targets, classes, maximum, test[0] if test else None)


def _read(path: Path) -> dict[str, np.ndarray]:
    with reading(path):
        loaded = np.load(path, allow_pickle=False)
        if isinstance(loaded, np.ndarray):
            raise ValueError("it is one array")
        with loaded as file:
            return {name: file[name] for name in file.files}


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Makes a DataError about an .npz file of what goes wrong while it is read inside."""
    try:
        yield
    except DataError:
        raise
    except FileNotFoundError as error:
        raise DataError(f"{path}: there is no such file") from error
    except (OSError, EOFError, ValueError, KeyError, RuntimeError, zipfile.BadZipFile, zlib.error) as error:
        reason = " ".join(str(error).split())
        raise DataError(f"{path}: not an .npz file of plain arrays ({reason})") from error


def _pair(
    path: Path, arrays: dict[str, np.ndarray], names: tuple[str, str], task: str
) -> tuple[np.ndarray, np.ndarray]:
    for name in names:
        if name not in arrays:
            raise DataError(f"{path}: it has no {name}; it holds {', '.join(arrays) or 'nothing'}")
    inputs, targets = (arrays[name] for name in names)
    return _inputs(path, names[0], inputs), _targets(path, names[1], targets, task)


def _inputs(path: Path, name: str, array: np.ndarray) -> np.ndarray:
    if array.ndim not in (2, 3, 4) or array.dtype.kind not in "biuf":
        raise DataError(
            f"{path}: {name} is {array.dtype} {list(array.shape)}, "
            "expected images [n, height, width, channels] or features [n, d]"
        )
    if array.ndim == 2:
        return array.astype(np.float32)
    images = array[..., None] if array.ndim == 3 else array
    if images.dtype == np.uint8:
        return images
    if images.size and not (images.min() >= 0 and images.max() <= 1):
        raise DataError(
            f"{path}: {name} goes from {images.min()} to {images.max()}: images are uint8 or in [0, 1]"
        )
    return images.astype(np.float32)


def _targets(path: Path, name: str, array: np.ndarray, task: str) -> np.ndarray:
    if task == "regression":
        if array.ndim not in (1, 2) or array.dtype.kind not in "biuf":
            raise DataError(
                f"{path}: {name} is {array.dtype} {list(array.shape)}, expected numbers [n] or [n, k]"
            )
        return array.astype(np.float32).reshape(len(array), -1)
    if array.ndim != 1 or array.dtype.kind not in "iu":
        raise DataError(
            f"{path}: {name} is {array.dtype} {list(array.shape)}, expected classes as integers [n]; "
            "for numbers there is dataset.task=regression"
        )
    return array.astype(np.int32)


def _classes(path: Path, arrays: dict[str, np.ndarray], labels: list[np.ndarray]) -> tuple[str, ...]:
    if "classes" in arrays:
        return tuple(str(name) for name in arrays["classes"].reshape(-1))
    most = max((int(own.max()) for own in labels if len(own)), default=0)
    return tuple(str(number) for number in range(most + 1))
