"""Where a configured rate stands."""

import numpy as np
import pytest

from runner.range_test.choice import Choice
from runner.range_test.ramp import Ramp
from runner.range_test.reading import Reading
from runner.range_test.standing import by_ramp, by_trainings

RAMP = Ramp(np.geomspace(1e-6, 3.0, 50), np.ones(50), True)
CHOICE = Choice(1e-2, 0.9, 1e-3, 1e-1)


@pytest.mark.parametrize(
    ("configured", "verdict", "says"),
    [
        (1e-4, "too low", "too low, a factor of 100 below 0.01"),
        (6e-4, "ok", "a little low"),
        (1e-3, "ok", "all right (good for the whole run, by the short trainings: 0.001 to 0.1)"),
        (1e-1, "ok", "all right"),
        (1.0, "too high", "too high, a factor of 100 above 0.01"),
    ],
)
def test_a_rate_stands_against_the_good_ones(configured, verdict, says):
    standing = by_trainings(configured, CHOICE, 1.0)
    assert standing.verdict == verdict
    assert says in standing.sentence


def test_a_longer_run_makes_up_for_a_lower_rate():
    assert by_trainings(3e-4, CHOICE, 1.0).verdict == "too low"
    assert by_trainings(3e-4, CHOICE, 0.1).verdict == "ok"
    assert by_trainings(3e-1, CHOICE, 0.1).verdict == "too high"


@pytest.mark.parametrize(
    ("configured", "verdict"), [(1e-5, "too low"), (1e-3, "ok"), (0.9, "ok"), (1.1, "too high")]
)
def test_a_ramp_alone_tells_what_is_far_from_good(configured, verdict):
    reading = Reading(RAMP.losses, 1e-2, 1e-3, 1e-1, 1e-4, 3.0)
    assert by_ramp(configured, RAMP, reading).verdict == verdict
    endless = RAMP._replace(blew_up=False)
    assert by_ramp(configured, endless, reading).verdict == ("ok" if configured > 1 else verdict)


def test_a_rate_at_which_all_is_lost_is_too_high_though_nothing_blows_up():
    endless, reading = RAMP._replace(blew_up=False), Reading(RAMP.losses, 1e-2, 1e-3, 1e-1, 1e-4, 0.3)
    assert by_ramp(0.2, endless, reading).verdict == "ok"
    assert by_ramp(0.4, endless, reading).verdict == "too high"


def test_where_nothing_learns_nothing_is_known():
    nothing = Reading(np.zeros(0), *[None] * 5)
    for standing in (by_trainings(0.1, None, 1.0), by_ramp(0.1, RAMP, nothing)):
        assert standing.verdict == "unknown"
        assert "found no rate that learns" in standing.sentence
