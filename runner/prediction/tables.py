"""Blocks of inputs from CSV text."""

from collections.abc import Callable, Iterable, Iterator, Sequence

import numpy as np

from runner.data.columns import encode, is_number, numbers
from runner.data.dataset import DataError
from runner.data.rows import Row, read_rows
from runner.prediction.blocks import Block, Expected, grouped


def table_blocks(lines: Iterable[str], where: str, expected: Expected) -> Iterator[Block]:
    """Blocks of rows, named by their numbers as a spreadsheet has them: the header's is 1.

    The columns of a run on a table are found by their names, in any order, and become what they became in
    training. Of any other run on features they are numbers, in the order of its inputs.

    Raises:
        DataError: the columns are not those of the run, or a row is none; `where` says what the text is of.
    """
    if len(expected.shape) != 1:
        instead = "image files, or an .npz of them" if expected.is_image else "an .npz"
        raise DataError(f"{where}: a table, and the run was trained on {expected.shown}; give it {instead}")
    names, rows = read_rows(lines, where)
    encoded = (_by_name if expected.columns else _in_order)(names, where, expected)
    for some in grouped(rows, expected.block_size):
        yield Block([number for number, _ in some], encoded(some))


def _by_name(names: list[str], where: str, expected: Expected) -> Callable[[Sequence[Row]], np.ndarray]:
    columns = [column for column in expected.columns if column.has_values]
    wanted = [column.name for column in columns]
    for name in wanted:
        if name not in names:
            raise DataError(f"{where}: it has no column {name}; the run was trained on {', '.join(wanted)}")
    known = expected.ignored.union(column.name for column in expected.columns)
    for name in names:
        if name not in known:
            raise DataError(f"{where}: the run was trained on no column {name!r}; leave it out")
    return lambda rows: encode(where, columns, names, rows)


def _in_order(names: list[str], where: str, expected: Expected) -> Callable[[Sequence[Row]], np.ndarray]:
    if all(is_number(name) for name in names):
        raise DataError(f"{where}: its first row is numbers, expected a header that names the columns")
    places = [place for place, name in enumerate(names) if name not in expected.ignored]
    if len(places) != expected.shape[0]:
        raise DataError(f"{where}: it has {len(places)} columns, and the run takes {expected.shown}")

    def encoded(rows: Sequence[Row]) -> np.ndarray:
        cells = {place: [(number, line[place].strip()) for number, line in rows] for place in places}
        return np.column_stack([numbers(where, names[place], cells[place]) for place in places])

    return encoded
