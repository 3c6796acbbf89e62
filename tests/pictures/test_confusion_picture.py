"""Confusion matrices: the counts are scikit-learn's, and the picture shows them."""

import numpy as np
import pytest
from sklearn.metrics import confusion_matrix as reference

from runner.pictures import confusion
from runner.pictures.colours import INK, PAPER, blues, ink_on
from runner.pictures.confusion import confusion_matrix, draw_confusion


def _counts(classes: int, seed: int = 0) -> np.ndarray:
    random = np.random.default_rng(seed)
    return random.integers(0, 9, (classes, classes)) + np.diag(random.integers(20, 99, classes))


def _written(monkeypatch: pytest.MonkeyPatch, counts: np.ndarray, names: list[str]) -> list[str]:
    texts: list[str] = []
    draw = confusion.write
    monkeypatch.setattr(
        confusion, "write", lambda p, at, text, *a, **k: (texts.append(text), draw(p, at, text, *a, **k))
    )
    draw_confusion(counts, names)
    return texts


def _cell(picture: np.ndarray, layout: confusion._Layout, row: int, column: int) -> np.ndarray:
    top, left = layout.top + row * layout.cell, layout.left + column * layout.cell
    return picture[top : top + layout.cell - 1, left : left + layout.cell - 1]


def _layout(counts: np.ndarray, names: list[str]) -> confusion._Layout:
    return confusion._arrange(names, confusion._title(counts))


@pytest.mark.parametrize("classes", [2, 3, 10, 100])
@pytest.mark.parametrize("dtype", [np.uint8, np.int32, np.int64])
def test_counts_are_those_of_scikit_learn(classes: int, dtype: type) -> None:
    labels, predictions = np.random.default_rng(classes).integers(0, classes, (2, 500)).astype(dtype)
    counts = confusion_matrix(labels, predictions, classes)
    np.testing.assert_array_equal(counts, reference(labels, predictions, labels=range(classes)))
    assert counts.dtype == np.int64


def test_classes_that_never_occur_have_rows_and_columns() -> None:
    counts = confusion_matrix(np.array([1, 1]), np.array([1, 0]), 4)
    np.testing.assert_array_equal(counts, [[0, 0, 0, 0], [1, 1, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]])


@pytest.mark.parametrize(("label", "prediction"), [(0, 3), (3, 0), (-1, 0)])
def test_a_class_that_there_is_not_is_an_error_rather_than_another_cell(label: int, prediction: int) -> None:
    with pytest.raises(ValueError):
        confusion_matrix(np.array([label]), np.array([prediction]), 3)


@pytest.mark.parametrize("classes", [2, 5, 10, 20, 21, 47, 100])
def test_cells_have_the_colour_of_their_share_and_margins_are_white(classes: int) -> None:
    counts, names = _counts(classes), [f"class {index}" for index in range(classes)]
    picture, layout = draw_confusion(counts, names), _layout(counts, names)
    expected = blues(np.sqrt(counts / counts.sum(axis=1, keepdims=True)))
    for row, column in [(0, 0), (0, classes - 1), (classes - 1, 0)]:
        assert (_cell(picture, layout, row, column)[0] == expected[row, column]).all()
    assert picture.dtype == np.uint8
    for edge in (picture[:14], picture[-8:], picture[:, :10], picture[:, -14:]):
        assert (edge == PAPER).all()


def test_counts_are_readable_in_every_cell_of_few_classes() -> None:
    counts, names = _counts(10), [str(index) for index in range(10)]
    picture, layout = draw_confusion(counts, names), _layout(counts, names)
    for row, column in np.ndindex(10, 10):
        cell = _cell(picture, layout, row, column).astype(int)
        contrast = np.abs(cell - cell[0, 0]).sum(axis=-1)
        assert contrast[12:-12, 8:-8].max() > 150
        assert contrast[:8].max() == contrast[-8:].max() == contrast[:, :3].max() == 0


def test_there_are_no_counts_in_the_cells_of_many_classes() -> None:
    counts, names = _counts(21), ["x"] * 21
    picture, layout = draw_confusion(counts, names), _layout(counts, names)
    for row, column in np.ndindex(21, 21):
        cell = _cell(picture, layout, row, column)
        assert (cell == cell[0, 0]).all()


def test_names_are_at_the_left_and_below_where_their_classes_are() -> None:
    counts, names = _counts(3), ["setosa", "", "virginica"]
    picture, layout = draw_confusion(counts, names), _layout(counts, names)
    for index, drawn in enumerate([True, False, True]):
        start, end = index * layout.cell, (index + 1) * layout.cell
        left = picture[layout.top + start : layout.top + end, layout.left - 50 : layout.left - 4]
        below = picture[layout.bottom + 4 : layout.bottom + 22, layout.left + start : layout.left + end]
        assert (left != PAPER).any() == (below != PAPER).any() == drawn


@pytest.mark.parametrize(
    ("name", "classes", "turn"), [("7", 10, 0), ("Ankle boot", 10, 45), ("willow tree", 100, 90)]
)
def test_names_below_turn_where_they_would_overlap(name: str, classes: int, turn: int) -> None:
    counts, names = _counts(classes), [name] * classes
    layout, picture = _layout(counts, names), draw_confusion(counts, names)
    assert layout.turn == turn
    below = picture[layout.bottom + 1 : layout.size[1] - 34]
    assert (below != PAPER).any()
    assert (picture[layout.size[1] - 33] == PAPER).all(), "names reach into the axis title"


def test_turned_names_end_below_the_middle_of_their_column() -> None:
    counts, names = _counts(10), ["", "", "", "Ankle boot", *[""] * 6]
    layout, picture = _layout(counts, names), draw_confusion(counts, names)
    below = picture[layout.bottom : layout.size[1] - 34, layout.left :]
    drawn = np.flatnonzero((below != PAPER).any(axis=(0, 2)))
    assert abs(drawn.max() - layout.middle(3)) < 8
    assert drawn.max() - drawn.min() > 25


def test_long_names_are_shortened() -> None:
    counts = _counts(3)
    short, long = (draw_confusion(counts, [letter * 60] * 3) for letter in "ab")
    assert short.shape[1] < 560 and (short != long).any()


def test_the_title_is_accuracy_and_recalls_are_by_row(monkeypatch: pytest.MonkeyPatch) -> None:
    counts = np.array([[9, 1, 0], [5, 15, 0], [0, 0, 0]])
    texts = _written(monkeypatch, counts, ["cat", "dog", "eel"])
    assert texts[0] == "accuracy 80.0 %, 30 examples"
    assert texts[-4:] == ["recall", "90.0 %", "75.0 %", "-"]
    assert {"predicted", "cat", "15"} <= set(texts)


def test_large_counts_are_brief(monkeypatch: pytest.MonkeyPatch) -> None:
    counts = np.array([[9_999, 12_345], [3_000_000, 0]])
    assert {"9999", "12k", "3M", "0"} <= set(_written(monkeypatch, counts, ["no", "yes"]))


def test_no_examples_draw_without_warnings() -> None:
    with np.errstate(all="raise"):
        draw_confusion(np.zeros((2, 2), np.int64), ["no", "yes"])


def test_ink_is_dark_on_light_and_light_on_dark() -> None:
    assert (ink_on(blues(np.array(0.0))), ink_on(blues(np.array(1.0)))) == (INK, PAPER)
