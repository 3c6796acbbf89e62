"""Intervals and tests against SciPy's, and against what they promise."""

import itertools

import numpy as np
import pytest
from scipy import stats

from runner.comparison.statistics import (
    bootstrap_interval,
    holm,
    mean_interval,
    more_needed,
    paired_test,
    power,
    t_interval,
)

FEWEST = 0.93
"""What a 95 % interval must cover; the standard error of 2,000 draws is 0.005."""
DRAWS = 2000


@pytest.mark.parametrize("count", [2, 3, 5, 19])
def test_the_t_interval_is_scipys(count):
    values = np.random.default_rng(count).normal(0.9, 0.02, count)
    expected = stats.t.interval(0.95, count - 1, values.mean(), stats.sem(values))
    found = t_interval(values)
    np.testing.assert_allclose((found.low, found.high), expected, rtol=1e-12)


def test_the_bootstrap_is_scipys_bca_at_the_widened_level():
    values = np.random.default_rng(0).lognormal(0, 0.4, 25)
    widened = np.sqrt(25 / 24) * stats.t.ppf(0.975, 24)
    level = 1 - 2 * stats.norm.cdf(-widened)
    reference = stats.bootstrap(
        (values,), np.mean, confidence_level=level, n_resamples=100_000, rng=np.random.default_rng(1)
    )
    found = bootstrap_interval(values)
    error = 0.03 * (found.high - found.low)  # of 4,000 resamples
    assert found.low == pytest.approx(reference.confidence_interval.low, abs=error)
    assert found.high == pytest.approx(reference.confidence_interval.high, abs=error)


def test_fewer_than_two_values_or_equal_ones_have_no_interval():
    assert mean_interval(np.array([0.9])) is None
    assert mean_interval(np.array([0.9, 0.9, 0.9])) is None
    assert mean_interval(np.array([0.9 - 0.8, 0.8 - 0.7])) is None, "one number, but for rounding"


def test_from_20_values_on_intervals_are_bootstrapped():
    values = np.random.default_rng(0).normal(size=20)
    assert mean_interval(values[:19]).method == "t"
    assert mean_interval(values).method == "bootstrap"


@pytest.mark.parametrize("count", [3, 5, 10, 20])
def test_intervals_of_accuracies_cover_what_they_say(count):
    random = np.random.default_rng(count)
    skills = random.normal(0.95, 0.006, (DRAWS, count))
    measured = random.binomial(1000, skills) / 1000
    found = [interval for values in measured if (interval := mean_interval(values)) is not None]
    assert len(found) > 0.99 * DRAWS
    assert np.mean([interval.contains(0.95) for interval in found]) >= FEWEST


@pytest.mark.parametrize("count", [3, 5, 10])
def test_intervals_of_losses_cover_what_they_say(count):
    losses = np.random.default_rng(count).lognormal(-1, 0.3, (DRAWS, count))
    true = np.exp(-1 + 0.3**2 / 2)
    assert np.mean([mean_interval(values).contains(true) for values in losses]) >= FEWEST


@pytest.mark.parametrize("count", [2, 3, 8, 24])
def test_the_paired_test_is_scipys(count):
    random = np.random.default_rng(count)
    first, second = random.normal(0.91, 0.02, count), random.normal(0.9, 0.02, count)
    expected = stats.ttest_rel(first, second)
    found = paired_test(first - second)
    np.testing.assert_allclose(found.p, expected.pvalue, rtol=1e-10)
    np.testing.assert_allclose(found.mean, first.mean() - second.mean(), rtol=1e-10)


@pytest.mark.parametrize("count", [2, 5, 7])
def test_equal_differences_are_judged_by_their_signs(count):
    found = paired_test(np.full(count, -0.0125))
    expected = stats.binomtest(0, count, 0.5).pvalue
    np.testing.assert_allclose(found.p, expected, rtol=1e-12)
    assert paired_test(np.zeros(count)).p == 1.0


def test_one_difference_or_none_is_no_test():
    assert paired_test(np.array([0.1])).p is None
    assert np.isnan(paired_test(np.array([])).mean)


def test_holm_by_hand():
    found = holm(np.array([0.01, 0.04, 0.03, 0.005]), 4)
    np.testing.assert_allclose(found, [0.03, 0.06, 0.06, 0.02])


def test_holm_is_the_closed_bonferroni_test():
    ps = np.random.default_rng(0).uniform(0, 0.2, 5)
    subsets = [s for size in range(1, 6) for s in itertools.combinations(range(5), size)]
    closed = [max(min(1, len(s) * ps[list(s)].min()) for s in subsets if place in s) for place in range(5)]
    np.testing.assert_allclose(holm(ps, 5), closed, rtol=1e-12)


def test_holm_over_some_of_a_family_is_no_more_lenient_than_over_all():
    ps = np.random.default_rng(0).uniform(0, 0.1, 10)
    assert (holm(ps[:4], 10) >= holm(ps, 10)[:4] - 1e-12).all()


def test_power_is_what_a_simulation_finds():
    draws = np.random.default_rng(0).normal(0.8, 1, (20_000, 10))
    rejected = np.mean(stats.ttest_1samp(draws, 0, axis=1).pvalue < 0.05)
    assert power(10, 0.8) == pytest.approx(rejected, abs=0.01)


@pytest.mark.parametrize("alpha", [0.05, 0.005])
def test_more_seeds_are_the_fewest_that_reach_the_power(alpha):
    differences = np.array([0.01, 0.03, -0.01, 0.02])
    count = 4 + more_needed(differences, alpha)
    effect = differences.mean() / differences.std(ddof=1)
    shift, df = effect * np.sqrt(count), count - 1
    critical = stats.t.ppf(1 - alpha / 2, df)
    assert stats.nct.sf(critical, df, shift) + stats.nct.cdf(-critical, df, shift) >= 0.8
    assert power(count - 1, effect, alpha) < 0.8


def test_more_seeds_are_unknown_without_a_spread_or_a_difference():
    assert more_needed(np.array([0.01])) is None
    assert more_needed(np.array([0.01, 0.01])) is None
    assert more_needed(np.array([0.01, -0.01])) is None
