"""What each value of an option does, and what may be said of it."""

import itertools

import numpy as np
import pytest
from scipy import stats

from runner.comparison.effects import effects_of
from runner.comparison.settings import ranked_settings
from tests.comparison.made import ACCURACY, LOSS, NO_RECORDS, run, seeds

RATE = "optimizer.learning_rate"


def effects(runs, varied, measure=ACCURACY):
    return effects_of(ranked_settings(runs, varied, measure), varied, measure, NO_RECORDS)


def test_an_effect_is_the_paired_t_test_of_seed_means():
    random = np.random.default_rng(0)
    values = {pair: random.normal(0.9, 0.01, 5) for pair in itertools.product(("adam", "sgd"), (0.1, 0.2))}
    values["adam", 0.1] += 0.05
    runs = [
        run(float(value), seed, {"optimizer": name, RATE: rate})
        for (name, rate), column in values.items()
        for seed, value in enumerate(column)
    ]
    found = effects(runs, ["optimizer", RATE])[0]
    adam, sgd = (np.mean([values[name, rate] for rate in (0.1, 0.2)], axis=0) for name in ("adam", "sgd"))
    assert (found.key, found.value, found.against, found.basis) == ("optimizer", "sgd", "adam", "same")
    assert (found.seeds, found.pairs, found.lost) == (5, 10, 0)
    assert found.p == pytest.approx(stats.ttest_rel(sgd, adam).pvalue)
    assert found.mean == pytest.approx((sgd - adam).mean())
    low, high = stats.t.interval(0.95, 4, (sgd - adam).mean(), stats.sem(sgd - adam))
    assert (found.interval.low, found.interval.high) == pytest.approx((low, high))


def test_verdicts_are_words():
    far = effects(
        [
            *seeds([0.9, 0.91, 0.92, 0.93], optimizer="adam"),
            *seeds([0.5, 0.513, 0.52, 0.532], optimizer="sgd"),
        ],
        ["optimizer"],
    )
    assert [effect.verdict for effect in far] == ["worse"]
    near = effects(
        [*seeds([0.9, 0.91, 0.92], optimizer="adam"), *seeds([0.91, 0.89, 0.925], optimizer="sgd")],
        ["optimizer"],
    )
    assert near[0].verdict == "not distinguishable"
    assert near[0].more_seeds > 0
    one = effects([*seeds([0.9], optimizer="adam"), *seeds([0.5], optimizer="sgd")], ["optimizer"])
    assert (one[0].verdict, one[0].interval, one[0].p) == ("one seed", None, None)
    none = effects([run(0.9, 0, {"optimizer": "adam"}), run(0.8, 1, {"optimizer": "sgd"})], ["optimizer"])
    assert (none[0].verdict, none[0].seeds) == ("no pair", 0)


def test_less_is_better_of_a_loss():
    runs = [
        *seeds([0.1, 0.11, 0.12, 0.13], optimizer="adam"),
        *seeds([0.5, 0.513, 0.52, 0.532], optimizer="sgd"),
    ]
    (found,) = effects(runs, ["optimizer"], LOSS)
    assert (found.against, found.verdict, found.mean > 0) == ("adam", "worse", True)


def test_a_value_may_be_better_than_the_winners():
    # b wins with x alone; on the whole, a is better.
    table = {("a", "x"): 0.80, ("a", "y"): 0.80, ("b", "x"): 0.85, ("b", "y"): 0.50}
    random = np.random.default_rng(0)
    runs = [
        run(value + random.normal(0, 0.001), seed, {"optimizer": first, "model": second})
        for (first, second), value in table.items()
        for seed in range(5)
    ]
    found = effects(runs, ["optimizer", "model"])[0]
    assert (found.value, found.against, found.verdict) == ("a", "b", "better")


def test_options_that_never_differ_alone_are_compared_at_their_best():
    runs = [
        *seeds([0.9, 0.91, 0.92], optimizer="adam", optimizer__learning_rate=0.001),
        *seeds([0.8, 0.82, 0.85], optimizer="sgd", optimizer__learning_rate=0.1),
        *seeds([0.7, 0.71, 0.99], optimizer="sgd", optimizer__learning_rate=0.2),
    ]
    found = effects(runs, ["optimizer", RATE])[0]
    assert found.basis == "best"
    assert found.differences == pytest.approx({1: -0.09, 2: -0.07}), "seed 0 chose the rate of 0.1"


def test_runs_that_lack_the_option_are_no_part_of_its_effect():
    runs = [
        *seeds([0.95, 0.96], optimizer="adam"),
        *seeds([0.8, 0.81], optimizer="sgd", optimizer__momentum=0.9),
        *seeds([0.7, 0.72], optimizer="sgd", optimizer__momentum=0.5),
    ]
    found = [
        effect
        for effect in effects(runs, ["optimizer", "optimizer.momentum"])
        if effect.key == "optimizer.momentum"
    ]
    assert [(effect.value, effect.against) for effect in found] == [(0.5, 0.9)]


def test_pairs_lost_to_divergence_are_counted():
    runs = [*seeds([0.9, 0.91, 0.92], optimizer="adam"), *seeds([0.5, None, 0.53], optimizer="sgd")]
    (found,) = effects(runs, ["optimizer"])
    assert (found.pairs, found.lost, set(found.differences)) == (2, 1, {0, 2})


def test_intervals_of_effects_cover_the_true_difference():
    random = np.random.default_rng(0)
    hits = []
    for _ in range(1000):
        shared = random.normal(0.9, 0.02, 3)
        first, second = shared + random.normal(0, 0.01, 3), shared + 0.03 + random.normal(0, 0.01, 3)
        runs = [*seeds(first.tolist(), optimizer="adam"), *seeds(second.tolist(), optimizer="sgd")]
        (found,) = effects(runs, ["optimizer"])
        hits.append(found.interval.contains(0.03 if found.value == "sgd" else -0.03))
    assert np.mean(hits) >= 0.93


def test_of_equal_options_a_difference_is_seldom_claimed_though_the_best_is_the_reference():
    random, trials = np.random.default_rng(0), 300
    claimed = 0
    for _ in range(trials):
        values = {name: random.normal(0.9, 0.01, 5).tolist() for name in "abcdef"}
        runs = [one for name in values for one in seeds(values[name], optimizer=name)]
        claimed += any(effect.verdict in ("better", "worse") for effect in effects(runs, ["optimizer"]))
    assert claimed / trials <= 0.05 + 2 * np.sqrt(0.05 * 0.95 / trials)
