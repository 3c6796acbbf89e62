"""What is read of a ramp, on losses whose answer is known in closed form."""

import numpy as np
import pytest

from runner.range_test.reading import finite, is_over, read, smooth

RATES = np.geomspace(1e-6, 100, 300)


def logistic(fall: float, at: float, width: float = 0.3) -> np.ndarray:
    """From `fall` to 0, steepest at the rate `at`."""
    return fall / (1 + np.exp((np.log10(RATES) - np.log10(at)) / width))


def bowl(at: float) -> np.ndarray:
    """1 at low rates, least at the rate `at`, then up again without end."""
    decades = np.log10(RATES / at)
    return 1 - np.exp(-0.5 * (decades / 0.7) ** 2) + np.where(decades > 0, decades**2, 0)


def test_smoothing_keeps_constants_and_lines():
    line = np.arange(100.0)
    np.testing.assert_allclose(smooth(np.full(100, 3.0), 4), 3.0, rtol=1e-12)
    np.testing.assert_allclose(smooth(line, 4)[12:-12], line[12:-12], rtol=1e-12)


def test_smoothing_lags_on_neither_side():
    impulse = np.zeros(101)
    impulse[50] = 1
    smoothed = smooth(impulse, 5)
    np.testing.assert_allclose(smoothed, smoothed[::-1], rtol=1e-12)
    assert smoothed.sum() == pytest.approx(1)
    assert np.sqrt(smoothed @ (np.arange(101) - 50.0) ** 2) == pytest.approx(5, rel=0.03)


@pytest.mark.parametrize("at", [1e-4, 1e-2, 1.0])
def test_the_steepest_descent_of_a_logistic_curve_is_its_middle(at):
    reading = read(RATES, 0.2 + logistic(2.0, at))
    assert reading.steepest == pytest.approx(at, rel=0.15)
    # A tenth is lost where 1 / (1 + e^x) = 0.9, and all but a twentieth where it is 0.05.
    assert reading.starts == pytest.approx(at * 10 ** (-0.3 * np.log(9)), rel=0.2)
    assert reading.suggestion == pytest.approx(at * 10 ** (0.3 * np.log(19)), rel=0.2)


@pytest.mark.parametrize("at", [1e-1, 10.0])
def test_what_was_learned_is_lost_where_the_loss_has_risen_by_half(at):
    learned = 0.2 + logistic(2.0, 1e-3)
    assert read(RATES, learned).ends == pytest.approx(RATES[-1])
    assert read(RATES, learned + 2.0 - logistic(2.0, at)).ends == pytest.approx(at, rel=0.15)


@pytest.mark.parametrize("noise", [0.0, 0.03])
@pytest.mark.parametrize("at", [1e-3, 1e-1])
def test_the_least_loss_of_a_bowl_is_its_bottom(at, noise):
    losses = bowl(at) + noise * np.random.default_rng(0).normal(size=len(RATES))
    assert read(RATES, losses).least == pytest.approx(at, rel=0.5 if noise else 0.2)


def test_what_blows_up_moves_the_least_loss_little():
    losses = bowl(1e-2)
    until = int(np.searchsorted(RATES, 0.1))
    blown = np.where(np.arange(len(RATES)) >= until, 1e6, losses)[: until + 5]
    whole = read(RATES, losses)
    cut = read(RATES[: until + 5], blown)
    assert cut.least == pytest.approx(whole.least, rel=0.3)


@pytest.mark.parametrize("seed", range(5))
def test_noise_alone_is_no_fall(seed):
    losses = 2.3 + 0.2 * np.random.default_rng(seed).normal(size=len(RATES))
    assert read(RATES, losses).suggestion is None


def test_too_few_losses_say_nothing():
    assert read(RATES[:3], np.array([2.0, 1.0, 0.5])).suggestion is None
    assert read(RATES[:0], np.array([])).suggestion is None


def test_a_ramp_is_over_where_it_has_blown_up():
    steady = [2.0] * 30 + [0.2] * 100
    assert not any(is_over(steady[:count]) for count in range(1, len(steady) + 1))
    assert not is_over([*steady, *[1.9] * 20])
    assert is_over([*steady, *[4.1] * 20])
    assert is_over([2.0, float("nan")])
    assert is_over([*steady, float("inf")])


def test_losses_below_0_blow_up_too():
    losses = [1.0] * 30 + [-5.0] * 30
    assert not is_over(losses)
    assert not is_over([*losses, *[1.5] * 10])
    assert is_over([*losses, *[11.0] * 10])


def test_what_is_finite_comes_before_what_is_not():
    assert finite(np.array([1.0, 2.0, np.nan, 3.0])) == 2
    assert finite(np.array([np.inf])) == 0
    assert finite(np.array([1.0, 2.0])) == 2
