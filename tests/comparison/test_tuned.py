"""The best of several settings, chosen on other seeds than those it is judged by."""

import numpy as np
import pytest

from runner.comparison.effects import effect_at_best, judged
from runner.comparison.settings import ranked_settings
from runner.comparison.tuned import tuned_pair
from tests.comparison.made import ACCURACY, NO_RECORDS, seeds

KEYS = ["optimizer", "batch_size"]


def settings(columns, optimizer="adam"):
    groups = (seeds(values, optimizer=optimizer, batch_size=size) for size, values in columns.items())
    return ranked_settings([one for group in groups for one in group], KEYS, ACCURACY)


def picked(runs):
    return {seed: run.config["batch_size"] for seed, run in runs.items()}


def test_the_first_third_of_the_seeds_chooses_and_the_others_judge():
    many = settings(
        {8: [0.9, 0.8, 0.1, 0.1, 0.1, 0.1], 16: [0.5, 0.6, 0.9, 0.9, 0.9, 0.9], 32: [None] + [1.0] * 5}
    )
    one = settings({64: [0.5] * 6}, "sgd")
    first, second = tuned_pair(many, one, ACCURACY)
    assert picked(first) == {2: 8, 3: 8, 4: 8, 5: 8}, "whatever the judges think of it"
    assert set(second) >= set(first)


def test_where_there_is_nothing_to_choose_all_seeds_judge():
    first, second = tuned_pair(settings({8: [0.9, 0.8, 0.7]}), settings({8: [0.5] * 3}, "sgd"), ACCURACY)
    assert set(first) == set(second) == {0, 1, 2}
    first, _ = tuned_pair(settings({8: [0.7], 16: [0.8]}), settings({8: [0.5]}, "sgd"), ACCURACY)
    assert picked(first) == {0: 16}, "one seed has to do both"


@pytest.mark.parametrize(("count", "other"), [(20, 1), (8, 8)])
def test_the_best_of_many_equal_settings_is_seldom_claimed_to_differ(count, other):
    random, trials, claimed = np.random.default_rng(0), 200, 0

    def equal(count, optimizer):
        return settings({size: random.normal(0.9, 0.01, 6).tolist() for size in range(count)}, optimizer)

    for _ in range(trials):
        sides = equal(count, "adam"), equal(other, "sgd")
        (effect,) = judged([effect_at_best("optimizer", *sides, ACCURACY, NO_RECORDS)], ACCURACY)
        claimed += effect.verdict in ("better", "worse")
    assert claimed / trials <= 0.05 + 2 * np.sqrt(0.05 * 0.95 / trials)
