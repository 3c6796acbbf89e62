"""Data sets that the library `datasets` of Hugging Face has saved to disk."""

import difflib
import importlib
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from runner.data.dataset import DataError, Source
from runner.data.pixels import check_channels, decoded, height_and_width
from runner.data.streamed import Streamed
from runner.data.targets import classes_of, refuse_unknown_task


def huggingface(
    *,
    path: str | None = None,
    target: str,
    task: str,
    drop: Sequence[str],
    size: int | Sequence[int],
    channels: int,
) -> Source:
    """What `save_to_disk` has written: one data set, or its splits, of which `train` and `test` are taken.

    Inputs are the one column of images, resized as those of `image_folder`, or else all columns of numbers,
    side by side; both are streamed. Nothing is downloaded.

    Args:
        path: the folder.
        target: the column to predict.
        task: classification or regression.
        drop: columns that are no inputs.
        size: of images: the side of a square, or [height, width].
        channels: of images: 3 for colours, 1 for grey.

    Raises:
        DataError: `datasets` is not installed, the folder holds none, or a column is not there or no input.
    """
    refuse_unknown_task(task)
    check_channels(channels)
    shape = height_and_width(size)
    library = _library()
    if path is None:
        raise DataError("dataset.path is null: name the folder that save_to_disk has written")
    train, test = _splits(library, Path(path).expanduser())
    for name in (target, *drop):
        _refuse_unknown(name, train.column_names)
    columns = [name for name in train.column_names if name not in (target, *drop)]
    splits = [train, *([] if test is None else [test])]
    inputs = [_inputs(library, split, columns, shape, channels) for split in splits]
    targets, classes = _targets(library, splits, target, task)
    maximum = 255.0 if inputs[0].dtype == np.uint8 else 1.0
    pairs = list(zip(inputs, targets, strict=True))
    return Source(*pairs[0], classes, maximum, pairs[1] if test is not None else None)


def _library() -> Any:
    try:
        return importlib.import_module("datasets")
    except ImportError as error:
        needed = "pip install 'runner[huggingface]'"
        raise DataError(f"dataset=huggingface needs the library datasets: {needed}") from error


def _splits(library: Any, folder: Path) -> tuple[Any, Any]:
    """The examples to train on, and those to test on or None."""
    try:
        loaded = library.load_from_disk(str(folder))
    except Exception as error:  # pyarrow, json and the library raise what they like
        reason = " ".join(str(error).split()) or type(error).__name__
        raise DataError(f"dataset.path={folder}: no data set of save_to_disk ({reason})") from error
    if not isinstance(loaded, library.DatasetDict):
        return loaded, None
    if "train" not in loaded:
        raise DataError(f"dataset.path={folder}: it has no split train; it has {', '.join(loaded)}")
    return loaded["train"], loaded.get("test")


def _refuse_unknown(name: str, names: Sequence[str]) -> None:
    if name not in names:
        guess = difflib.get_close_matches(name, names, n=1)
        meant = f"did you mean {guess[0]}?" if guess else f"choose from {', '.join(names[:16])}"
        raise DataError(f"there is no column {name}; {meant}")


def _inputs(
    library: Any, split: Any, columns: Sequence[str], shape: tuple[int, int], channels: int
) -> Streamed:
    images = [name for name in columns if isinstance(split.features[name], library.Image)]
    if not columns or (images and len(columns) > 1):
        raise DataError(
            f"the inputs are {', '.join(columns) or 'none'}, expected a column of images or some of numbers; "
            "leave columns out with dataset.drop=[...]"
        )
    if images:
        return _images(library, split, images[0], shape, channels)
    return _features(split, columns)


def _images(library: Any, split: Any, name: str, shape: tuple[int, int], channels: int) -> Streamed:
    # As they are stored: what the library decodes it does not blame on a row.
    stored = split.select_columns([name]).cast_column(name, library.Image(decode=False)).with_format(None)

    def read(examples: np.ndarray) -> np.ndarray:
        rows = stored[examples.tolist()][name]
        return np.stack([image(row, number) for row, number in zip(rows, examples.tolist(), strict=True)])

    def image(row: Any, number: int) -> np.ndarray:
        where = f"{name} of row {number}"
        if row is None:
            raise DataError(f"{where}: there is no image")
        return decoded(
            Path(row["path"]) if row["bytes"] is None else io.BytesIO(row["bytes"]), shape, channels, where
        )

    return Streamed((len(split), *shape, channels), np.dtype(np.uint8), read, lambda: _origin(split, [name]))


def _features(split: Any, columns: Sequence[str]) -> Streamed:
    stored = split.select_columns(list(columns)).with_format(None)

    def read(examples: np.ndarray) -> np.ndarray:
        rows = stored[examples.tolist()]
        return np.column_stack([_as_numbers(split, name, rows[name]) for name in columns])

    first = read(np.arange(min(1, len(split))))
    return Streamed((len(split), *first.shape[1:]), first.dtype, read, lambda: _origin(split, columns))


def _origin(split: Any, columns: Sequence[str]) -> str:
    """Of the names of columns, and of the names and the sizes of the files of their data set."""
    files = [Path(file["filename"]) for file in split.cache_files]
    return " ".join([*columns, *(f"{file.name} {file.stat().st_size}" for file in files)])


def _as_numbers(split: Any, name: str, values: Any) -> np.ndarray:
    """Some rows of a column as float32 [n, k]."""
    try:
        return np.asarray(values, np.float32).reshape(len(values), -1)
    except (TypeError, ValueError) as error:
        found = f"{name} is {split.features[name]}"
        raise DataError(f"{found}, expected numbers; leave it out with dataset.drop=[{name}]") from error


def _targets(
    library: Any, splits: Sequence[Any], target: str, task: str
) -> tuple[list[np.ndarray], tuple[str, ...] | None]:
    if task == "regression":
        return [_as_numbers(split, target, split.with_format(None)[target][:]) for split in splits], None
    kind = splits[0].features[target]
    values = [split[target][:] for split in splits]
    if isinstance(kind, library.ClassLabel):
        return [np.asarray(own, np.int32) for own in values], tuple(kind.names)
    labels, classes = classes_of([str(value) for own in values for value in own])
    return np.split(labels, np.cumsum([len(own) for own in values])[:-1]), classes
