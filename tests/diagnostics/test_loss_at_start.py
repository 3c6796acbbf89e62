"""The loss before the first step."""

import math

import pytest

from runner.diagnostics.loss_at_start import loss_at_start


@pytest.mark.parametrize("classes", [2, 10, 1000])
def test_outputs_of_unit_variance_are_fine(classes):
    assert loss_at_start(math.log(classes) + 0.5, math.log(classes)) is None


@pytest.mark.parametrize(
    "loss, severity", [(8.0, "warning"), (400.0, "problem"), (math.nan, "problem"), (0.5, "warning")]
)
def test_other_losses_are_named(loss, severity):
    found = loss_at_start(loss, math.log(10), step=1)
    assert found is not None
    assert (found.name, found.severity, found.since) == ("loss_at_start", severity, 1)


def test_what_makes_outputs_smaller_is_suggested_where_they_are_too_large():
    large, small = loss_at_start(400.0, 2.3, "preprocessing=standardize"), loss_at_start(0.1, 2.3)
    assert large is not None and large.suggestion == "preprocessing=standardize"
    assert small is not None and small.suggestion is None
