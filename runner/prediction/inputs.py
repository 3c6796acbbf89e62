"""What INPUT names, and who reads it."""

import io
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from runner.data.dataset import DataError
from runner.data.pixels import is_image
from runner.errors import ConfigError
from runner.prediction.arrays import array_blocks
from runner.prediction.blocks import Block, Expected, Reader
from runner.prediction.images import image_blocks, images_in
from runner.prediction.tables import table_blocks


def reader_of(text: str) -> Reader:
    """The reader of a file, of a folder of images, or for `-` of standard input.

    Raises:
        ConfigError: there is no such file or folder, or it is none of these.
    """
    path = Path(text)
    if text == "-":
        return _standard_input
    if path.is_dir():
        return partial(image_blocks, path, images_in(path))
    if not path.exists():
        raise ConfigError(f"{text}: there is no such file or folder")
    if path.suffix.lower() == ".csv":
        return partial(_table, path)
    if path.suffix.lower() == ".npz":
        return partial(array_blocks, path)
    if is_image(path):
        return partial(image_blocks, path, [path])
    raise ConfigError(
        f"{text}: expected a .csv or .npz file, an image (.png, .jpg, ...), a folder of images, "
        "or - for CSV from standard input"
    )


def _table(path: Path, expected: Expected) -> Iterator[Block]:
    try:
        file = path.open(encoding="utf-8-sig")
    except OSError as error:
        raise DataError(f"{path}: cannot be read ({error.strerror})") from error
    with file:
        yield from table_blocks(file, str(path), expected)


def _standard_input(expected: Expected) -> Iterator[Block]:
    # It is UTF-8, and a spreadsheet's mark is no part of it, whatever the terminal's encoding is.
    yield from table_blocks(io.TextIOWrapper(sys.stdin.buffer, "utf-8-sig"), "standard input", expected)
