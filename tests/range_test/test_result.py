"""What a range test says of itself."""

import json

import numpy as np
import pytest

from runner.range_test.choice import Choice
from runner.range_test.ramp import Ramp
from runner.range_test.reading import Reading
from runner.range_test.result import Result, as_json, sentences
from runner.range_test.standing import by_trainings
from runner.range_test.trainings import Trained

NAN = float("nan")
TRAINED = [Trained(1e-3, 2.0, 0.3), Trained(1e-2, 0.1, 0.9), Trained(2e-2, 0.1, 0.9), Trained(1.0, NAN, NAN)]


def result(ramp: float | None, choice: Choice | None) -> Result:
    """A range test with these outcomes of its two halves."""
    rates = np.geomspace(1e-6, 1.0, 4)
    reading = Reading(np.ones(4), *[ramp] * 5)
    measured = Ramp(rates, np.array([2.0, 1.0, 0.5, np.inf]), True)
    standing = by_trainings(1e-3, choice, 1.0)
    return Result("val/accuracy", True, 200, measured, reading, TRAINED, choice, standing)


GOOD = Choice(1e-2, 0.9, 1e-2, 2e-2)


@pytest.mark.parametrize(
    ("ramp", "choice", "agrees", "says"),
    [
        (1.5e-2, GOOD, True, "they agree: what the ramp suggests is as good"),
        (4e-2, GOOD, True, "they agree: what the ramp suggests is a factor of 2 from a good rate"),
        (
            5e-4,
            GOOD,
            False,
            "they disagree: what the ramp suggests is a factor of 20 from a good rate",
        ),
        (None, GOOD, False, "they disagree: trust the trainings"),
        (1e-2, None, False, "they disagree: trust the trainings"),
        (None, None, True, "the loss did not fall at any rate from 1e-06 to 1"),
    ],
)
def test_whether_the_halves_agree(ramp, choice, agrees, says):
    found = result(ramp, choice)
    assert found.agrees is agrees
    assert says in "\n".join(sentences(found))
    assert as_json(found)["agree"] is agrees


def test_the_override_is_what_was_trained():
    found = result(1e-2, GOOD)
    assert found.override == "optimizer.learning_rate=0.01"
    assert [found.notes(one) for one in TRAINED] == [["configured"], ["suggested"], ["as good"], ["diverged"]]
    assert result(1e-2, None).override is None


def test_the_summary_is_plain():
    summary = as_json(result(1e-2, GOOD))
    json.dumps(summary)
    assert summary["trainings"]["rows"][1]["val/accuracy"] == 0.9
    assert summary["configured"]["verdict"] == "too low"
