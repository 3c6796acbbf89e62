"""Runs grouped over seeds, ranked; what went wrong counts."""

import math

import numpy as np
import pytest
from scipy import stats

from runner.comparison.settings import one_run_a_seed, penalty, ranked_settings
from tests.comparison.made import ACCURACY, LOSS, run, seeds


def ranked(*groups, measure=ACCURACY):
    return ranked_settings([one for group in groups for one in group], ["optimizer"], measure)


def labels(settings):
    return [setting.options["optimizer"] for setting in settings]


def test_a_setting_sums_up_its_seeds():
    values = [0.9, 0.94, 0.95]
    (setting,) = ranked(seeds(values, optimizer="adam"))
    assert setting.rank == 1
    assert setting.label == "optimizer=adam"
    assert setting.values == tuple(values)
    assert setting.mean == pytest.approx(sum(values) / 3)
    assert setting.worst == 0.9
    low, high = stats.t.interval(0.95, 2, np.mean(values), stats.sem(values))
    assert (setting.interval.low, setting.interval.high) == pytest.approx((low, high))
    assert setting.statuses == {"completed": 3}
    assert setting.seconds == 3.0


def test_more_is_better_of_an_accuracy_and_less_of_a_loss():
    groups = seeds([0.5, 0.6], optimizer="adam"), seeds([0.7, 0.8], optimizer="sgd")
    assert labels(ranked(*groups)) == ["sgd", "adam"]
    by_loss = ranked(*groups, measure=LOSS)
    assert labels(by_loss) == ["adam", "sgd"]
    assert by_loss[0].worst == 0.6


def test_runs_without_a_result_count_as_far_below_the_worst_as_the_best_is_above():
    assert penalty([0.5, 0.9, math.nan], ACCURACY) == pytest.approx(0.1)
    assert penalty([0.5, 0.9], LOSS) == pytest.approx(1.3)
    assert math.isnan(penalty([math.nan], ACCURACY))


def test_a_diverged_seed_counts_against_its_setting():
    steady, shaky = seeds([0.90, 0.91, 0.92], optimizer="adam"), seeds([0.92, 0.93, None], optimizer="sgd")
    settings = ranked(steady, shaky)
    assert labels(settings) == ["adam", "sgd"]
    assert settings[1].mean == pytest.approx(0.925), "of the values there are"
    assert settings[1].score == pytest.approx((0.92 + 0.93 + 0.87) / 3)
    assert settings[1].statuses == {"completed": 2, "diverged": 1}


def test_one_diverged_seed_of_many_does_not_throw_a_good_setting_behind_a_useless_one():
    good, useless = [0.95] * 7 + [None], [0.1] * 8
    assert labels(ranked(seeds(useless, optimizer="sgd"), seeds(good, optimizer="adam"))) == ["adam", "sgd"]


def test_a_setting_all_of_whose_seeds_went_wrong_is_in_the_ranking_behind_those_with_a_value():
    wrong = [run(None, 0, {"optimizer": "sgd"}, status="failed"), run(None, 1, {"optimizer": "sgd"})]
    waiting = [run(None, 0, {"optimizer": "lion"}, status="running")]
    settings = ranked(waiting, wrong, seeds([0.1, 0.9], optimizer="adam"))
    assert labels(settings) == ["adam", "sgd", "lion"]
    assert settings[1].statuses == {"failed": 1, "diverged": 1}
    assert math.isnan(settings[1].mean)
    assert settings[1].interval is None


def test_a_pruned_run_counts_with_the_value_it_had():
    pruned = [run(0.5, seed, {"optimizer": "sgd"}, status="pruned") for seed in range(2)]
    settings = ranked(pruned, seeds([0.8, 0.9], optimizer="adam"))
    assert labels(settings) == ["adam", "sgd"]
    assert settings[1].mean == 0.5
    assert settings[1].statuses == {"pruned": 2}


def test_time_is_that_of_runs_that_did_not_go_wrong():
    fast = run(None, 1, {"optimizer": "adam"}, seconds={"total": 0.1})
    (setting,) = ranked([*seeds([0.9], optimizer="adam"), fast])
    assert setting.seconds == 3.0


def test_of_equal_runs_the_one_that_got_furthest_is_kept():
    failed = run(None, 0, status="failed", started="2026-11-26")
    early, late = run(0.8, 0, started="2026-11-24"), run(0.9, 0, started="2026-11-25")
    assert one_run_a_seed([late, failed, early, other := run(0.7, 1)]) == [late, other]


def test_time_is_unknown_before_any_run_has_ended():
    (setting,) = ranked([run(0.9, 0, {"optimizer": "adam"}, status="running", seconds={"total": 0.0})])
    assert math.isnan(setting.seconds)
