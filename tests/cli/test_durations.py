"""Durations in steps, epochs and shares of a run."""

import pytest

from runner import durations
from runner.errors import ConfigError


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        (100, 100),
        ("100", 100),
        ("1epochs", 20),
        ("1epoch", 20),
        ("3 epochs", 60),
        ("0.5epochs", 10),
        ("5%", 10),
        ("7steps", 7),
        ("0.001%", 1),
        ("100%", 200),
    ],
)
def test_steps(text: str | int, steps: int) -> None:
    assert durations.parse(text).steps(steps_per_epoch=20, total_steps=200) == steps


@pytest.mark.parametrize("text", ["", "0", "0%", "-1", "1.5", "101%", "often", "3 weeks", "nan", "inf", True])
def test_refused(text: str) -> None:
    with pytest.raises(ConfigError, match="not a duration"):
        durations.parse(text)
