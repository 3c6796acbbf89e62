"""The choice among trained rates, on values whose answer is plain."""

import math

import pytest

from runner.range_test.choice import choose, standard_error

RATES = [1e-4, 1e-3, 1e-2, 1e-1, 1.0]
NAN = math.nan


@pytest.mark.parametrize(
    ("values", "rate", "first", "last"),
    [
        ([0.1, 0.5, 0.9, 0.5, 0.1], 1e-2, 1e-2, 1e-2),
        ([0.1, 0.9, 0.9, 0.9, 0.1], 1e-3, 1e-3, 1e-1),
        ([0.1, 0.9, 0.9, 0.5, 0.1], 1e-3, 1e-3, 1e-2),  # of two, the lower
        ([0.89, 0.89, 0.9, 0.89, NAN], 1e-3, 1e-4, 1e-1),
        ([0.9, 0.1, 0.9, 0.91, 0.1], 1e-2, 1e-2, 1e-1),  # what a gap parts is not good by itself
        ([0.9, NAN, NAN, NAN, NAN], 1e-4, 1e-4, 1e-4),
        ([0.1, 0.2, 0.3, 0.5, 0.9], 1.0, 1.0, 1.0),
        ([0.9, 0.9, 0.9, 0.9, 0.9], 1e-3, 1e-4, 1.0),
    ],
)
def test_a_rate_among_the_good_ones(values, rate, first, last):
    choice = choose(RATES, values, True, 0.1, 0.0)
    assert choice is not None
    assert (choice.rate, choice.first, choice.last) == (rate, first, last)
    assert choice.value == values[RATES.index(rate)]
    # Of a loss, less is better.
    mirrored = choose(RATES, [2 - value for value in values], False, 1.9, 0.0)
    assert mirrored is not None
    assert mirrored.rate == rate


def test_what_differs_by_less_than_its_error_is_as_good():
    values = [0.1, 0.85, 0.9, 0.85, 0.1]
    assert choose(RATES, values, True, 0.1, 0.04).first == 1e-2
    assert choose(RATES, values, True, 0.1, 0.06).first == 1e-3


def test_a_model_that_begins_far_off_makes_no_rate_good():
    # All of 1000 is gained at every rate; what counts is that 2 is twice 1.
    assert choose(RATES, [2.0, 2.0, 1.0, 2.0, 2.0], False, 1000.0, 0.0).last == 1e-2


@pytest.mark.parametrize("values", [[NAN] * 5, [0.1] * 5, [0.05, 0.1, 0.0, 0.1, NAN]])
def test_no_rate_is_chosen_where_none_learns(values):
    assert choose(RATES, values, True, 0.1, 0.0) is None


def test_the_standard_error_of_an_accuracy():
    assert standard_error("accuracy", 0.5, 100) == pytest.approx(0.05)
    assert standard_error("parity/accuracy", 0.9, 10_000) == pytest.approx(0.003, rel=1e-2)
    assert 0 < standard_error("ema/accuracy", 1.0, 100) < 0.02
    assert standard_error("loss", 0.5, 100) == 0
