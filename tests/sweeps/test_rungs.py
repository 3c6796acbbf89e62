"""Who is compared when, and who goes on: by hand."""

import math

import pytest

from runner.sweeps.rungs import deal, hyperband, is_compared, shares, successive_halving, survivors


def test_the_last_rung_is_at_one_in_factor_of_the_run():
    assert shares(successive_halving(3, 3)) == pytest.approx([1 / 27, 1 / 9, 1 / 3])
    assert shares(hyperband(2, 4)) == pytest.approx([1 / 16, 1 / 4])


def test_the_best_third_goes_on():
    values = {"a": 0.9, "b": 0.5, "c": 0.7, "d": 0.1, "e": 0.2, "f": 0.3}
    assert survivors(values, 3, maximise=True) == {"a", "c"}
    assert survivors(values, 3, maximise=False) == {"d", "e"}


def test_one_at_least_goes_on_and_rounding_is_up():
    assert survivors({"a": 0.1}, 3, maximise=True) == {"a"}
    assert survivors(dict(zip("abcd", range(4), strict=True)), 3, maximise=True) == {"c", "d"}


def test_one_without_a_value_is_last():
    values = {"a": None, "b": 0.1, "c": math.nan, "d": 0.2}
    assert survivors(values, 2, maximise=True) == {"b", "d"}
    assert survivors(values, 2, maximise=False) == {"b", "d"}


def test_successive_halving_compares_all_at_every_rung():
    pruning = successive_halving(3, 3)
    assert set(deal(range(10), pruning).values()) == {3}
    assert all(is_compared(3, rung, pruning) for rung in range(3))


def test_brackets_start_at_their_own_rung():
    pruning = hyperband(3, 3)
    assert [[is_compared(bracket, rung, pruning) for rung in range(3)] for bracket in (3, 2, 1, 0)] == [
        [True, True, True],
        [False, True, True],
        [False, False, True],
        [False, False, False],
    ]


def test_brackets_cost_about_the_same():
    pruning = hyperband(3, 3)
    dealt = list(deal(range(1000), pruning).values())
    # A setting of a bracket with r rungs costs about (r + 1) / factor^r runs.
    costs = [dealt.count(rungs) * (rungs + 1) / 3**rungs for rungs in pruning.brackets]
    assert max(costs) < 1.05 * min(costs)


def test_brackets_take_from_everywhere():
    dealt = deal(range(1000), hyperband(2, 3))
    for bracket in (2, 1, 0):
        places = [setting for setting, own in dealt.items() if own == bracket]
        assert sum(places) / len(places) == pytest.approx(500, abs=25)
