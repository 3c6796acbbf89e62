"""Rows of CSV text become the inputs that the same rows were in training, block by block."""

from collections.abc import Iterator

import numpy as np
import pytest

from runner.data.dataset import DataError
from runner.data.table import csv
from runner.prediction import blocks
from runner.prediction.blocks import Expected
from runner.prediction.tables import table_blocks

TABLE = """\
id,age,colour,empty,kind
1,31,red,,b
2,,blue,,a

3,40,,,b
4,7,red,,c
"""
NUMBERS = Expected((2,), 1.0, (), frozenset())


@pytest.fixture
def expected(tmp_path) -> Expected:
    path = tmp_path / "train.csv"
    path.write_text(TABLE)
    source = csv(path=str(path), target="kind", task="classification", drop=["id"])
    return Expected(source.inputs.shape[1:], 1.0, source.columns, frozenset({"kind", "id"}))


def read(text: str, expected: Expected) -> tuple[list[int | str], np.ndarray]:
    found = list(table_blocks(text.splitlines(keepends=True), "table", expected))
    return [name for block in found for name in block.names], np.concatenate([one.inputs for one in found])


# age, missing; blue, red, missing
INPUTS = [[31, 0, 0, 1, 0], [31, 1, 1, 0, 0], [40, 0, 0, 0, 1], [7, 0, 0, 1, 0]]


@pytest.mark.parametrize("size", [1, 3, 512])
def test_the_rows_that_were_trained_on(size, expected, monkeypatch):
    monkeypatch.setattr(blocks, "MOST_EXAMPLES", size)
    names, inputs = read(TABLE, expected)
    assert names == [2, 3, 5, 6]
    np.testing.assert_array_equal(inputs, np.array(INPUTS, np.float32))


def test_columns_in_any_order_and_without_those_that_are_no_inputs(expected):
    names, inputs = read("colour,age\nblue,NA\nred, 7 \n", expected)
    assert names == [2, 3]
    np.testing.assert_array_equal(inputs, np.array([INPUTS[1], INPUTS[3]], np.float32))


def test_numbers_in_order_where_no_columns_are_known():
    _, inputs = read("x,y\n1,2\n-3e1,4.5\n", NUMBERS)
    np.testing.assert_array_equal(inputs, np.array([[1, 2], [-30, 4.5]], np.float32))


def test_no_more_is_read_than_a_block():
    def endless() -> Iterator[str]:
        yield "x,y\n"
        while True:
            yield "1,2\n"

    block = next(table_blocks(endless(), "table", NUMBERS))
    assert block.inputs.shape == (blocks.MOST_EXAMPLES, 2)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "it is empty"),
        ("age\n1\n", "it has no column colour; the run was trained on age, colour"),
        ("age,colour,size\n1,red,2\n", "the run was trained on no column 'size'; leave it out"),
        ("age,age,colour\n", "its header names age 2 times"),
        ("age,colour\n1,red\n2\n", "row 3 has 1 values, and the header 2"),
        ("age,colour\n1,red\n\ntwo,red\n", "row 4: age is 'two', expected a finite number"),
        ("age,colour\ninf,red\n", "row 2: age is 'inf', expected a finite number"),
        ("age,colour\n1,purple\n", "row 2: colour is 'purple', expected one of blue, red"),
        ('age,colour\n1,"red\n', "not a CSV file in UTF-8 (row 2"),
    ],
)
def test_what_does_not_fit_is_one_line(text, said, expected):
    with pytest.raises(DataError) as error:
        read(text, expected)
    assert str(error.value).startswith("table: ") and said in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("text", "expected", "said"),
    [
        ("x\n1\n", NUMBERS, "it has 1 columns, and the run takes 2 numbers an example"),
        ("1,2\n3,4\n", NUMBERS, "its first row is numbers, expected a header"),
        ("x,y\n1,\n", NUMBERS, "row 2: y is '', expected a finite number"),
        ("x,y\n1,2\n", Expected((8, 8, 1), 16.0, (), frozenset()), "trained on images of 8 x 8 x 1"),
    ],
)
def test_what_no_run_on_numbers_takes_is_one_line(text, expected, said):
    with pytest.raises(DataError, match=said):
        read(text, expected)


def test_a_value_that_was_never_missing_may_not_be(tmp_path):
    path = tmp_path / "train.csv"
    path.write_text("x,kind\n1,a\n2,b\n")
    columns = csv(path=str(path), target="kind", task="classification").columns
    with pytest.raises(DataError, match="row 3: x is missing, and in training it never was"):
        read("x\n1\n?\n", Expected((1,), 1.0, columns, frozenset({"kind"})))
