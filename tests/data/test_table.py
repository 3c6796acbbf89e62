"""A CSV file is read as its header says, and what is missing is told."""

import numpy as np
import pytest

from runner.data.dataset import DataError, Source
from runner.data.table import csv

TABLE = """\
age,colour,"size, in cm",price,kind
31,red,1.5,100,b
,blue,2.5,250,a
40,,-1e1,300,b
7,"red",NaN,50,c

12,green,0,75,a
"""


def read(tmp_path, text: str | bytes = TABLE, **given) -> Source:
    path = tmp_path / "table.csv"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return csv(path=str(path), **({"target": "kind", "task": "classification"} | given))


def test_numbers_categories_and_classes(tmp_path):
    found = read(tmp_path)
    expected = [  # age, missing; blue, green, red, missing; size, missing; price
        [31, 0, 0, 0, 1, 0, 1.5, 0, 100],
        [21.5, 1, 1, 0, 0, 0, 2.5, 0, 250],
        [40, 0, 0, 0, 0, 1, -10, 0, 300],
        [7, 0, 0, 0, 1, 0, 0.75, 1, 50],
        [12, 0, 0, 1, 0, 0, 0, 0, 75],
    ]
    np.testing.assert_array_equal(found.inputs, np.array(expected, np.float32))
    np.testing.assert_array_equal(found.targets, [1, 0, 1, 2, 0])
    assert found.classes == ("a", "b", "c") and found.maximum == 1
    assert (found.inputs.dtype, found.targets.dtype) == (np.float32, np.int32)


def test_what_is_missing_is_told(tmp_path):
    notes = read(tmp_path).notes
    assert [note.split(": ", 1)[1] for note in notes] == [
        "age has 1 missing values: the column's median stands for them, and an input tells which",
        "colour has 1 missing values: none of its categories is 1, and an input tells which",
        "size, in cm has 1 missing values: the column's median stands for them, and an input tells which",
    ]
    assert read(tmp_path, "x,kind\n1,a\n2,b\n").notes == ()


def test_numbers_to_predict(tmp_path):
    found = read(tmp_path, target="price", task="regression", drop=["kind", "colour"])
    np.testing.assert_array_equal(found.targets, np.array([[100], [250], [300], [50], [75]], np.float32))
    assert found.classes is None and found.inputs.shape == (5, 4)


def test_rows_without_a_target_and_columns_without_values_are_left_out(tmp_path):
    found = read(tmp_path, "x,y,kind\n1,,a\n2,,\n3,,b\n4,,?\n")
    np.testing.assert_array_equal(found.inputs, np.array([[1], [3]], np.float32))
    np.testing.assert_array_equal(found.targets, [0, 1])
    assert "2 rows without kind are left out" in found.notes[0]
    assert "y has no values and is left out" in found.notes[1]


def test_whole_numbers_are_classes_in_their_own_order(tmp_path):
    assert read(tmp_path, "x,kind\n1,10\n2,9\n3,-1\n").classes == ("-1", "9", "10")


def test_spreadsheets_write_a_mark_and_other_line_ends(tmp_path):
    found = read(tmp_path, b"\xef\xbb\xbfx,kind\r\n1,a\r\n2,b\r\n")
    np.testing.assert_array_equal(found.inputs, np.array([[1], [2]], np.float32))


@pytest.mark.parametrize(
    ("text", "given", "said"),
    [
        (TABLE, {"target": "knd"}, "there is no column knd; did you mean kind?"),
        (TABLE, {"drop": ["zzz"]}, "there is no column zzz; choose from age, colour"),
        (TABLE, {"task": "regression"}, "kind is 'b', expected a finite number"),
        (TABLE, {"task": "regresion"}, "did you mean regression?"),
        ("x,kind\n1,a\n2\n", {}, "row 3 has 1 values, and the header 2"),
        ("x,x,kind\n", {}, "its header names x 2 times"),
        ("", {}, "it is empty"),
        ("x,kind\n", {}, "no row has a kind"),
        ("kind\na\nb\n", {}, "no column is left for inputs"),
        ("x,kind\ninf,a\n", {}, "x is 'inf', expected a finite number"),
        ('x,kind\n"1,a\n', {}, "not a CSV file in UTF-8"),
        (b"x,kind\n\xff,a\n", {}, "not a CSV file in UTF-8"),
        ("x,kind\n" + "".join(f"t{n},a\n" for n in range(101)), {}, "x has 101 different texts"),
    ],
)
def test_what_cannot_be_read_is_one_line(text, given, said, tmp_path):
    with pytest.raises(DataError) as error:
        read(tmp_path, text, **given)
    assert said in str(error.value) and "\n" not in str(error.value)


def test_the_file_must_be_there(tmp_path):
    with pytest.raises(DataError, match="cannot be read"):
        csv(path=str(tmp_path / "gone.csv"), target="kind", task="classification")
    with pytest.raises(DataError, match=r"dataset\.path is null"):
        csv(target="kind", task="classification")
