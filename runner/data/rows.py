"""The rows of CSV text, read as they come."""

import csv
from collections import Counter
from collections.abc import Iterable, Iterator

from runner.data.dataset import DataError

Row = tuple[int, list[str]]
"""Its number, as a spreadsheet has it (the header's is 1), and its values."""


def read_rows(lines: Iterable[str], where: str) -> tuple[list[str], Iterator[Row]]:
    """The names in the header of CSV text and the rows after it, each as long; empty ones are skipped.

    Raises:
        DataError: there is no header, it names a column twice, or a row is not whole, here or as the rows are
            read; `where` says what the text is of.
    """
    rows = _filled(lines, where)
    header = next(rows, None)
    if header is None:
        raise DataError(f"{where}: it is empty; expected a header and an example a line")
    names = [name.strip() for name in header[1]]
    for name, times in Counter(names).items():
        if times > 1:
            raise DataError(f"{where}: its header names {name or 'an empty column'} {times} times")
    return names, _as_long(rows, len(names), where)


def _filled(lines: Iterable[str], where: str) -> Iterator[Row]:
    number = 0
    try:
        for number, line in enumerate(csv.reader(lines, strict=True), 1):
            if line:
                yield number, line
    except OSError as error:
        raise DataError(f"{where}: cannot be read ({error.strerror})") from error
    except UnicodeError as error:  # of what was read ahead
        raise DataError(f"{where}: not a CSV file in UTF-8 (after row {number}: {error})") from error
    except csv.Error as error:
        raise DataError(f"{where}: not a CSV file in UTF-8 (row {number + 1}: {error})") from error


def _as_long(rows: Iterator[Row], width: int, where: str) -> Iterator[Row]:
    for number, line in rows:
        if len(line) != width:
            raise DataError(f"{where}: row {number} has {len(line)} values, and the header {width}")
        yield number, line
