"""The worst mistakes: which they are, and how they are shown."""

import numpy as np
from ml_dtypes import bfloat16

from runner.pictures import mistakes
from runner.pictures.colours import INK, WRONG
from runner.pictures.grid import CAPTION
from runner.pictures.mistakes import draw_mistakes, mistakes_table, worst_mistakes
from runner.pictures.text import text_width

NAMES = ["T-shirt", "Ankle boot", "a|b"]


def test_the_least_probable_true_class_is_first_and_right_ones_are_left_out() -> None:
    scores = np.array(
        [[0.6, 0.3, 0.1], [0.9, 0.05, 0.05], [0.2, 0.7, 0.1], [0.3, 0.3, 0.4], [0.98, 0.01, 0.01]]
    )
    labels = np.array([1, 2, 1, 0, 1])
    assert worst_mistakes(scores, labels, 9).tolist() == [4, 1, 0, 3]
    assert worst_mistakes(scores, labels, 2).tolist() == [4, 1]


def test_the_order_is_that_of_a_plain_loop() -> None:
    random = np.random.default_rng(0)
    scores, labels = random.dirichlet(np.ones(5), 200).astype(np.float32), random.integers(0, 5, 200)
    wrong = [i for i in range(200) if scores[i].argmax() != labels[i]]
    expected = sorted(wrong, key=lambda i: scores[i, labels[i]])
    assert worst_mistakes(scores, labels, 1000).tolist() == expected


def test_of_equally_improbable_truths_the_more_confident_prediction_is_first() -> None:
    scores = np.array([[0.0, 0.6, 0.4], [0.0, 0.9, 0.1], [0.0, 0.7, 0.3]])
    assert worst_mistakes(scores, np.zeros(3, np.uint8), 3).tolist() == [1, 2, 0]


def test_a_perfect_model_has_no_mistakes() -> None:
    worst = worst_mistakes(np.eye(3), np.arange(3), 5)
    assert worst.shape == (0,) and np.issubdtype(worst.dtype, np.integer)


def test_numbers_that_are_not_come_last() -> None:
    scores = np.array([[np.nan, np.nan], [0.8, 0.2]])
    assert worst_mistakes(scores, np.array([1, 1]), 2).tolist() == [1, 0]


def test_scores_may_be_of_a_short_float() -> None:
    scores = np.array([[0.75, 0.25], [0.875, 0.125]]).astype(bfloat16)
    labels = np.ones(2, int)
    assert worst_mistakes(scores, labels, 2).tolist() == [1, 0]
    assert "87.5 %" in mistakes_table(np.arange(2), labels, labels - 1, scores.max(axis=-1), NAMES)


def test_captions_name_the_true_class_then_the_predicted_one_with_its_probability() -> None:
    assert mistakes._caption("3", "8", 0.974) == "3\n8 · 97 %"


def test_the_probability_stays_where_the_name_is_too_long() -> None:
    line = mistakes._caption("cat", "a class with quite a long name", 1.0).split("\n")[1]
    assert line.endswith("… · 100 %") and line.startswith("a class") and text_width(line) <= CAPTION


def test_pictures_have_true_classes_in_ink_and_predicted_ones_in_red() -> None:
    images = np.random.default_rng(0).random((2, 28, 28, 1))
    picture = draw_mistakes(images, np.array([0, 1]), np.array([1, 0]), np.array([0.9, 0.8]), NAMES)
    for colour in (INK, WRONG):
        assert (picture == colour).all(axis=-1).any()


def test_the_table_is_markdown_with_bars_in_names_escaped() -> None:
    table = mistakes_table(
        np.array([7, 40]), np.array([0, 2]), np.array([1, 0]), np.array([0.9876, 0.5]), NAMES
    )
    assert table.split("\n") == [
        "| true | predicted | probability | index |",
        "| --- | --- | ---: | ---: |",
        "| T-shirt | Ankle boot | 98.8 % | 7 |",
        r"| a\|b | T-shirt | 50.0 % | 40 |",
    ]
