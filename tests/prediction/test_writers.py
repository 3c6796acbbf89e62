"""Predictions as CSV and as JSON lines, read back by other readers."""

import csv
import io
import json

import numpy as np
import pytest

from runner.prediction.writers import FORMATS, Answers

SCORES = np.random.default_rng(0).dirichlet(np.ones(3), 4).astype(np.float32)
CLASSES = ("no", 'a "quoted", one', "größer")
NAMES = ["x,1.png", 2, 3, 4]
MAIN = Answers("", CLASSES, SCORES)


def as_csv(names, answers):
    form = FORMATS["csv"]
    text = form.header(answers)
    for rows in (slice(3), slice(3, None)):
        text += form.lines(names[rows], [part(own, rows) for own in answers])
    return list(csv.reader(io.StringIO(text)))


def part(answers, rows):
    return Answers(answers.task, answers.classes, answers.scores[rows])


def as_objects(names, answers):
    form = FORMATS["jsonl"]
    text = form.header(answers) + form.lines(names, answers)
    assert text.endswith("\n")
    return [json.loads(line) for line in text.splitlines()]


def test_classes_by_name_and_probabilities_to_the_last_bit():
    header, *rows = as_csv(NAMES, [MAIN])
    assert header == ["example", "prediction", *(f"probability/{name}" for name in CLASSES)]
    assert [row[0] for row in rows] == ["x,1.png", "2", "3", "4"]
    assert [row[1] for row in rows] == [CLASSES[place] for place in SCORES.argmax(axis=1)]
    np.testing.assert_array_equal(np.array([row[2:] for row in rows], np.float32), SCORES)
    objects = as_objects(NAMES, [MAIN])
    assert [found["example"] for found in objects] == NAMES
    assert [found["prediction"] for found in objects] == [row[1] for row in rows]
    probabilities = [[found["probabilities"][name] for name in CLASSES] for found in objects]
    np.testing.assert_array_equal(np.array(probabilities, np.float32), SCORES)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_numbers(dtype):
    one = Answers("", None, np.array([[0.1], [-2.0], [1e-30], [3e20]], dtype))
    rows = as_csv(NAMES, [one])
    assert rows[0] == ["example", "prediction"] and rows[1] == ["x,1.png", "0.1"]
    assert as_objects(NAMES, [one])[1] == {"example": 2, "prediction": -2.0}
    two = Answers("", None, np.arange(8, dtype=dtype).reshape(4, 2))
    assert as_csv(NAMES, [two])[0] == ["example", "prediction/1", "prediction/2"]
    assert as_objects(NAMES, [two])[1] == {"example": 2, "prediction": [2.0, 3.0]}


def test_other_tasks_stand_under_their_names():
    answers = [MAIN, Answers("parity", ("0", "1"), np.tile(np.float32([0.25, 0.75]), (4, 1)))]
    header, first, *_ = as_csv(NAMES, answers)
    assert header[5:] == ["parity/prediction", "parity/probability/0", "parity/probability/1"]
    assert first[5:] == ["1", "0.25", "0.75"]
    found = as_objects(NAMES, answers)[0]
    assert found["parity"] == {"prediction": "1", "probabilities": {"0": 0.25, "1": 0.75}}
    assert found["prediction"] == first[1]
