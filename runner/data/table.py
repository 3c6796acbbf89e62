"""Tables in CSV files: a header, then an example a line."""

import difflib
from collections.abc import Sequence
from pathlib import Path

from runner.data.columns import Cells, encode, is_missing, learn, numbers
from runner.data.dataset import Column, DataError, Source
from runner.data.rows import Row, read_rows
from runner.data.targets import classes_of, refuse_unknown_task


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
    kept = [(number, line) for number, line in rows if not is_missing(line[place])]
    if not kept:
        raise DataError(f"{file}: no row has a {target}")
    notes = [f"{file}: {len(rows) - len(kept)} rows without {target} are left out"] * (len(kept) < len(rows))
    columns: list[Column] = []
    for index, name in enumerate(names):
        if name != target and name not in drop:
            cells = [(number, line[index].strip()) for number, line in kept]
            columns.append(learn(str(file), name, cells))
            notes += _notes(file, columns[-1], cells)
    inputs = encode(str(file), columns, names, kept)
    if inputs.shape[1] == 0:
        raise DataError(f"{file}: no column is left for inputs beside {target}")
    targets = [(number, line[place].strip()) for number, line in kept]
    about = {"notes": tuple(notes), "columns": tuple(columns)}
    if task == "regression":
        return Source(inputs, numbers(str(file), target, targets)[:, None], None, 1.0, **about)
    labels, classes = classes_of([text for _, text in targets])
    return Source(inputs, labels, classes, 1.0, **about)


def _given(path: str | None) -> Path:
    if path is None:
        raise DataError("dataset.path is null: name the CSV file, like dataset.path=table.csv")
    return Path(path).expanduser()


def _read(path: Path) -> tuple[list[str], list[Row]]:
    try:
        file = path.open(encoding="utf-8-sig")
    except OSError as error:
        raise DataError(f"{path}: cannot be read ({error.strerror})") from error
    with file:
        names, rows = read_rows(file, str(path))
        return names, list(rows)


def _refuse_unknown(path: Path, name: str, names: Sequence[str]) -> None:
    if name not in names:
        guess = difflib.get_close_matches(name, names, n=1)
        meant = f"did you mean {guess[0]}?" if guess else f"choose from {', '.join(names[:16])}"
        raise DataError(f"{path}: there is no column {name}; {meant}")


def _notes(path: Path, column: Column, cells: Cells) -> list[str]:
    if not column.has_values:
        return [f"{path}: {column.name} has no values and is left out"]
    if not column.flagged:
        return []
    missing = sum(is_missing(value) for _, value in cells)
    instead = "none of its categories is 1" if column.categories else "the column's median stands for them"
    return [f"{path}: {column.name} has {missing} missing values: {instead}, and an input tells which"]
