"""What the columns of a table become as inputs: learned from its rows, and the same for those of another."""

from collections.abc import Sequence

import numpy as np

from runner.data.dataset import Column, DataError
from runner.data.rows import Row

MISSING = frozenset({"", "na", "n/a", "nan", "null", "none", "?"})
"""What stands for a value that is not there, in any case of letters."""
MOST_CATEGORIES = 100

Cells = Sequence[tuple[int, str]]
"""Texts of a column, each with the number of its row."""


def learn(where: str, name: str, cells: Cells) -> Column:
    """What a column with these cells, of all rows, becomes.

    Raises:
        DataError: it has too many categories, or a number is not finite; `where` says which table it is of.
    """
    present = [(row, value) for row, value in cells if not is_missing(value)]
    if not present:
        return Column(name, flagged=True)
    flagged = len(present) < len(cells)
    if all(is_number(value) for _, value in present):
        return Column(name, float(np.median(numbers(where, name, present))), flagged=flagged)
    categories = tuple(sorted({value for _, value in present}))
    if len(categories) > MOST_CATEGORIES:
        raise DataError(
            f"{where}: {name} has {len(categories)} different texts, more than {MOST_CATEGORIES}; "
            f"leave it out with dataset.drop=[{name}]"
        )
    return Column(name, None, categories, flagged)


def encode(where: str, columns: Sequence[Column], names: Sequence[str], rows: Sequence[Row]) -> np.ndarray:
    """Inputs float32 [n, d] of rows under a header of these names, which has all of the columns.

    Raises:
        DataError: a value is none that the column knows; `where` says which table it is of.
    """
    found = [np.zeros((len(rows), 0), np.float32)]
    for column in columns:
        place = names.index(column.name)
        found += _encoded(where, column, [(number, line[place].strip()) for number, line in rows])
    return np.column_stack(found)


def numbers(where: str, name: str, cells: Cells) -> np.ndarray:
    """The cells of a column as float32 [n].

    Raises:
        DataError: one is no finite number.
    """
    for row, value in cells:
        if not is_number(value) or not np.isfinite(np.float32(value)):
            raise DataError(f"{where}: row {row}: {name} is {value!r}, expected a finite number")
    return np.array([value for _, value in cells], np.float32)


def is_number(value: str) -> bool:
    """Whether a text is a number as tables have them."""
    try:
        float(value)
    except ValueError:
        return False
    return "_" not in value


def is_missing(value: str) -> bool:
    """Whether a text stands for a value that is not there."""
    return value.strip().lower() in MISSING


def _encoded(where: str, column: Column, cells: Cells) -> list[np.ndarray]:
    if not column.has_values:
        return []
    missing = np.array([is_missing(value) for _, value in cells], bool)
    if missing.any() and not column.flagged:
        row, _ = cells[int(missing.argmax())]
        raise DataError(f"{where}: row {row}: {column.name} is missing, and in training it never was")
    if column.median is None:
        inputs = _one_hot(where, column, cells)
    else:
        inputs = [np.full(len(cells), column.median, np.float32)]
        present = [cell for cell, gone in zip(cells, missing, strict=True) if not gone]
        inputs[0][~missing] = numbers(where, column.name, present)
    return [*inputs, missing.astype(np.float32)] if column.flagged else inputs


def _one_hot(where: str, column: Column, cells: Cells) -> list[np.ndarray]:
    for row, value in cells:
        if value not in column.categories and not is_missing(value):
            known = ", ".join(column.categories[:16])
            raise DataError(f"{where}: row {row}: {column.name} is {value!r}, expected one of {known}")
    texts = np.array([value for _, value in cells])
    return [(texts == category).astype(np.float32) for category in column.categories]
