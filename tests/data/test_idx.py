"""IDX files are read whole or not at all."""

import gzip
from functools import partial

import numpy as np
import pytest

from runner.data.dataset import DataError
from runner.data.idx import read_idx
from tests.data.idx_files import idx

ARRAY = np.arange(2 * 3 * 4).reshape(2, 3, 4)
packed = partial(gzip.compress, mtime=0)
"""The same bytes whenever a test is collected: its name is made of them."""


@pytest.mark.parametrize("pack", [bytes, packed], ids=["plain", "gzipped"])
def test_it_reads_what_was_written(pack, tmp_path):
    path = tmp_path / "file"
    path.write_bytes(pack(idx(ARRAY)))
    found = read_idx(path)
    assert found.dtype == np.uint8
    np.testing.assert_array_equal(found, ARRAY)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\0\0\x08",
        b"not an idx file at all",
        idx(ARRAY)[:2] + b"\x0d" + idx(ARRAY)[3:],  # floats
        b"\0\0\x08\0",  # no axes
        idx(ARRAY)[:10],
        idx(ARRAY)[:-1],
        idx(ARRAY) + b"\0",
        packed(idx(ARRAY))[:-9],
        packed(idx(ARRAY))[:15] + b"\xff" + packed(idx(ARRAY))[16:],
        packed(idx(ARRAY)[:-1]),
    ],
)
def test_what_is_not_whole_is_one_line(content, tmp_path):
    path = tmp_path / "file"
    path.write_bytes(content)
    with pytest.raises(DataError) as error:
        read_idx(path)
    assert str(error.value).startswith(f"{path}: ")
    assert "\n" not in str(error.value)


def test_a_missing_file_is_one_line(tmp_path):
    with pytest.raises(DataError, match="No such file"):
        read_idx(tmp_path / "gone")
