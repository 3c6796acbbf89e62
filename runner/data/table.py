"""Tables in CSV files: a header, then an example a line."""

import csv as reader
import difflib
import io
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from runner.data.dataset import DataError, Source
from runner.data.targets import classes_of, refuse_unknown_task

MISSING = frozenset({"", "na", "n/a", "nan", "null", "none", "?"})
"""What stands for a value that is not there, in any case of letters."""
MOST_CATEGORIES = 100


def csv(*, path: str | None = None, target: str, task: str, drop: Sequence[str] = ()) -> Source:
    """The columns of a CSV file: numbers as they are, categories one-hot; inputs are float32 [n, d].

    A missing number becomes the median of its column (of its inputs, over all rows), a missing category none
    of them; in both cases a further input says so with a 1. Rows without a target are left out. The notes
    of the source tell of both.

    Args:
        path: the file, in UTF-8.
        target: the column to predict; its texts, sorted, are the classes, or it holds numbers for regression.
        task: classification or regression.
        drop: columns that are no inputs.

    Raises:
        DataError: the file is missing or not whole, a column is not there, or its values are no inputs.
    """
    refuse_unknown_task(task)
    file = _given(path)
    names, rows = _read(file)
    for name in (target, *drop):
        _refuse_unknown(file, name, names)
    place = names.index(target)
    kept = [row for row in rows if not _is_missing(row[place])]
    if not kept:
        raise DataError(f"{file}: no row has a {target}")
    notes = [f"{file}: {len(rows) - len(kept)} rows without {target} are left out"] * (len(kept) < len(rows))
    columns: list[np.ndarray] = []
    for index, name in enumerate(names):
        if name != target and name not in drop:
            values = [row[index].strip() for row in kept]
            found, note = _inputs(file, name, values)
            columns += found
            notes += note
    if not columns:
        raise DataError(f"{file}: no column is left for inputs beside {target}")
    targets = [row[place].strip() for row in kept]
    inputs = np.column_stack(columns).astype(np.float32)
    if task == "regression":
        return Source(inputs, _numbers(file, target, targets)[:, None], None, 1.0, notes=tuple(notes))
    labels, classes = classes_of(targets)
    return Source(inputs, labels, classes, 1.0, notes=tuple(notes))


def _given(path: str | None) -> Path:
    if path is None:
        raise DataError("dataset.path is null: name the CSV file, like dataset.path=table.csv")
    return Path(path).expanduser()


def _read(path: Path) -> tuple[list[str], list[list[str]]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
        lines = list(reader.reader(io.StringIO(text, newline=""), strict=True))
    except OSError as error:
        raise DataError(f"{path}: cannot be read ({error.strerror})") from error
    except (UnicodeError, reader.Error) as error:
        raise DataError(f"{path}: not a CSV file in UTF-8 ({error})") from error
    filled = [(number, line) for number, line in enumerate(lines, 1) if line]
    if not filled:
        raise DataError(f"{path}: it is empty; expected a header and an example a line")
    names = [name.strip() for name in filled[0][1]]
    for name, times in Counter(names).items():
        if times > 1:
            raise DataError(f"{path}: its header names {name or 'an empty column'} {times} times")
    for number, line in filled[1:]:
        if len(line) != len(names):
            raise DataError(f"{path}: row {number} has {len(line)} values, and the header {len(names)}")
    return names, [line for _, line in filled[1:]]


def _refuse_unknown(path: Path, name: str, names: Sequence[str]) -> None:
    if name not in names:
        guess = difflib.get_close_matches(name, names, n=1)
        meant = f"did you mean {guess[0]}?" if guess else f"choose from {', '.join(names[:16])}"
        raise DataError(f"{path}: there is no column {name}; {meant}")


def _inputs(path: Path, name: str, values: list[str]) -> tuple[list[np.ndarray], list[str]]:
    """The inputs [n] that a column becomes, and what there is to note."""
    missing = np.array([_is_missing(value) for value in values])
    present = [value for value, gone in zip(values, missing, strict=True) if not gone]
    if not present:
        return [], [f"{path}: {name} has no values and is left out"]
    if all(_is_number(value) for value in present):
        numbers = np.zeros(len(values), np.float32)
        numbers[~missing] = _numbers(path, name, present)
        numbers[missing] = np.median(numbers[~missing])
        columns, instead = [numbers], "the column's median stands for them"
    else:
        columns, instead = _one_hot(path, name, values, sorted(set(present))), "none of its categories is 1"
    if not missing.any():
        return columns, []
    note = f"{path}: {name} has {missing.sum()} missing values: {instead}, and an input tells which"
    return [*columns, missing.astype(np.float32)], [note]


def _one_hot(path: Path, name: str, values: list[str], categories: list[str]) -> list[np.ndarray]:
    if len(categories) > MOST_CATEGORIES:
        raise DataError(
            f"{path}: {name} has {len(categories)} different texts, more than {MOST_CATEGORIES}; "
            f"leave it out with dataset.drop=[{name}]"
        )
    texts = np.array(values)
    return [(texts == category).astype(np.float32) for category in categories]


def _numbers(path: Path, name: str, values: list[str]) -> np.ndarray:
    for value in values:
        if not _is_number(value) or not np.isfinite(np.float32(value)):
            raise DataError(f"{path}: {name} is {value!r}, expected a finite number")
    return np.array(values, np.float32)


def _is_number(value: str) -> bool:
    try:
        float(value)
    except ValueError:
        return False
    return "_" not in value


def _is_missing(value: str) -> bool:
    return value.strip().lower() in MISSING
