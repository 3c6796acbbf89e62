"""Numbers and options as words."""

import math

import pytest

from runner.comparison.model import Interval
from runner.comparison.wording import (
    counts,
    duration,
    number,
    option_text,
    plural,
    short_keys,
    signed,
    signed_span,
    span,
)
from runner.composition import compose


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.97222, "0.9722"),
        (12.3456, "12.35"),
        (1234.5, "1234"),
        (1.234e-5, "1.23e-05"),
        (0.0, "0.000"),
        (-0.5, "-0.5000"),
        (123456.0, "1.23e+05"),
        (math.nan, "-"),
        (None, "-"),
    ],
)
def test_four_digits(value, text):
    assert number(value) == text


@pytest.mark.parametrize(
    ("value", "text"), [(0.0123, "+0.0123"), (-0.01, "-0.0100"), (0.0, "0.00"), (None, "-")]
)
def test_differences_have_a_sign(value, text):
    assert signed(value) == text


def test_intervals():
    assert span(Interval(0.9, 0.95, "t")) == "0.9000\N{EN DASH}0.9500"
    assert span(Interval(-0.1, 0.2, "t")) == "-0.1000 to 0.2000"
    assert signed_span(Interval(-0.1, 0.2, "t")) == "-0.100 to +0.200"
    assert span(None) == signed_span(None) == "-"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.3521, "0.35 s"), (12.3, "12 s"), (200, "3 min 20 s"), (7500, "2 h 05 min"), (None, "-")],
)
def test_durations(seconds, text):
    assert duration(seconds) == text


def test_how_runs_ended():
    assert counts({"completed": 5, "stopped_early": 2}) == "7"
    assert counts({"completed": 2, "diverged": 1}) == "2, 1 diverged"
    assert counts({"failed": 3}) == "3 failed"
    assert counts({}) == "0"


@pytest.mark.parametrize("text", ["epochs=null", "batch_size=full", "optimizer.learning_rate=1e-05"])
def test_options_are_as_the_command_line_takes_them(text):
    key, _, value = text.partition("=")
    config = compose([text])
    found = config.optimizer.learning_rate if "." in key else config[key]
    assert option_text(found) == value
    assert option_text(True) == "true"


def test_keys_are_short_where_they_stay_apart():
    keys = ["optimizer", "optimizer.learning_rate", "model.width", "loss.width"]
    assert list(short_keys(keys).values()) == ["optimizer", "learning_rate", "model.width", "loss.width"]


def test_plural():
    assert (plural(1, "run"), plural(1200, "run")) == ("1 run", "1,200 runs")
