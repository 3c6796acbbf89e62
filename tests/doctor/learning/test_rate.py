"""Where a learning rate stands, as a finding."""

import pytest

from runner.doctor.learning.rate import check_rate
from runner.range_test.standing import Standing


def _found(rate):
    return check_rate(Standing(rate, 0.01, 0.003, 0.1, "ramp"))


def test_a_rate_among_the_good_ones_is_fine():
    assert _found(0.01).verdict == "ok"


@pytest.mark.parametrize(
    "rate, name, severity",
    [
        (0.0011, "learning_rate_too_low", "remark"),
        (1e-5, "learning_rate_too_low", "warning"),
        (0.2, "learning_rate_too_high", "remark"),
        (3.0, "learning_rate_too_high", "warning"),
    ],
)
def test_other_rates_are_named_with_a_better_one(rate, name, severity):
    (found,) = _found(rate).findings
    assert (found.name, found.severity, found.suggestion) == (name, severity, "optimizer.learning_rate=0.01")


def test_where_no_rate_learns_there_is_nothing_to_say():
    assert check_rate(Standing(0.1, None, None, None, "ramp")).verdict == "skipped"
