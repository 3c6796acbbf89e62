"""Where a configured rate stands."""

import numpy as np
import pytest

from runner.range_test.choice import Choice
from runner.range_test.reading import Reading
from runner.range_test.standing import by_ramp, by_trainings

CHOICE = Choice(1e-2, 0.9, 1e-3, 1e-1)


@pytest.mark.parametrize(
    ("configured", "verdict", "says"),
    [
        (1e-4, "too low", "too low, a factor of 100 below 0.01"),
        (1e-3, "ok", "all right (good by the short trainings: 0.001 to 0.1)"),
        (1e-1, "ok", "all right"),
        (1.0, "too high", "too high, a factor of 100 above 0.01"),
    ],
)
def test_a_rate_stands_against_the_good_ones(configured, verdict, says):
    standing = by_trainings(configured, CHOICE)
    assert standing.verdict == verdict
    assert says in standing.sentence


def test_where_nothing_learns_nothing_is_known():
    nothing = Reading(np.zeros(0), None, None, None, None)
    for standing in (by_trainings(0.1, None), by_ramp(0.1, nothing)):
        assert standing.verdict == "unknown"
        assert "found no rate that learns" in standing.sentence
