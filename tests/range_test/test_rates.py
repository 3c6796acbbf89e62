"""Which rates are tried."""

import numpy as np
import pytest

from runner.range_test.rates import ABOVE, BELOW, around, beyond
from runner.range_test.settings import Settings

SETTINGS = Settings(1e-6, 100.0, 300, 16, 200)


def test_rates_surround_a_suggestion_evenly():
    rates = around(1e-2, 1e-9, SETTINGS)
    assert len(rates) == 16
    assert (rates[0], rates[-1]) == pytest.approx((1e-2 / BELOW, 1e-2 * ABOVE))
    steps = np.diff(np.log(rates))
    assert steps.max() < 1.3 * steps.min()


def test_without_a_suggestion_they_are_those_of_the_ramp():
    rates = around(None, 1e-9, SETTINGS)
    assert (rates[0], rates[-1], len(rates)) == (1e-6, 100.0, 16)


def test_they_stay_on_the_ramp():
    assert around(50.0, 1e-9, SETTINGS)[-1] == 100.0
    assert around(2e-6, 1e-9, SETTINGS)[0] == 1e-6


def test_the_configured_rate_is_one_of_them():
    rates = around(1e-2, 0.0123, SETTINGS)
    assert 0.0123 in rates and len(rates) == 16 and rates == sorted(rates)
    assert 30.0 not in around(1e-2, 30.0, SETTINGS)


def test_beyond_goes_on_where_the_good_rates_reach_the_edge():
    rates = around(1e-2, 1e-9, SETTINGS)
    lower = beyond(rates, rates[0], rates[3], SETTINGS)
    higher = beyond(rates, rates[9], rates[-1], SETTINGS)
    assert len(lower) == len(higher) == 16
    assert lower[-1] < rates[0] and rates[-1] < higher[0] and higher[-1] <= SETTINGS.high
    assert beyond(rates, rates[2], rates[5], SETTINGS) == []


def test_there_is_nothing_beyond_the_ramp():
    rates = around(None, 1e-9, SETTINGS)
    assert beyond(rates, rates[0], rates[-1], SETTINGS) == []
