"""Schedules against Optax's, whose numbers cannot be traced, and against the closed form."""

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

from runner.composition import compose
from runner.experiment import blueprint, numbers_of
from runner.specs import Spec
from runner.training.schedules import cosine, exponential, one_cycle, polynomial, step, warmup_cosine

STEPS = np.arange(0, 130, 5)
SPEC = Spec((4,), 3, ("a", "b", "c"), 1.0, 100)
PAIRS = {
    "cosine": (cosine(0.3, 100), optax.cosine_decay_schedule(0.3, 100)),
    "cosine to alpha": (cosine(0.3, 100, 0.1), optax.cosine_decay_schedule(0.3, 100, 0.1)),
    "step": (
        step(0.3, 100, [0.5, 0.75, 0.9], 0.1),
        optax.piecewise_constant_schedule(0.3, {50: 0.1, 75: 0.1, 90: 0.1}),
    ),
    "exponential": (exponential(0.3, 100, 0.01), optax.exponential_decay(0.3, 100, 0.01)),
    "polynomial": (polynomial(0.3, 100, 1.0), optax.polynomial_schedule(0.3, 0.0, 1.0, 100)),
    "polynomial to alpha": (polynomial(0.3, 100, 2.5, 0.1), optax.polynomial_schedule(0.3, 0.03, 2.5, 100)),
    "warmup_cosine": (
        warmup_cosine(0.3, 100, 0.1, 0.2, 0.1),
        optax.warmup_cosine_decay_schedule(0.06, 0.3, 10, 100, 0.03),
    ),
    "one_cycle": (one_cycle(0.3, 100, 0.3, 0.04, 4e-6), optax.cosine_onecycle_schedule(100, 0.3)),
}
ENDS = {
    "step": 0.01,
    "exponential": 0.01,
    "polynomial": 0,
    "cosine": 0,
    "warmup_cosine": 0,
    "one_cycle": 4e-6,
}
"""What is left of the rate at the end, at the YAML's defaults."""


@pytest.mark.parametrize("name", PAIRS)
def test_they_are_optaxs(name):
    ours, theirs = PAIRS[name]
    found, expected = jax.vmap(ours)(STEPS), jax.vmap(theirs)(STEPS)
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-7)
    assert len(np.unique(found)) >= 4


def test_cosine_is_its_formula():
    assert float(cosine(0.3, 100)(25)) == pytest.approx(0.3 * (1 + np.cos(np.pi / 4)) / 2)
    assert float(cosine(0.3, 100, 0.1)(200)) == pytest.approx(0.03)


@pytest.mark.parametrize("option", ENDS)
def test_every_number_may_be_traced(option):
    config = compose([f"schedule={option}", "optimizer.learning_rate=0.3"])
    numbers = numbers_of(config, 30)
    drawn = blueprint(config, SPEC, numbers)
    traced = {
        key: value for key, value in numbers.items() if key.startswith(("schedule.", "optimizer.l", "steps"))
    }
    run = jax.jit(lambda traced, step: drawn.build({**numbers, **traced}).schedule(step))
    found = np.array([run(traced, at) for at in range(31)])
    alone = np.array([drawn.build(numbers).schedule(at) for at in range(31)])
    np.testing.assert_allclose(found, alone, rtol=1e-5, atol=1e-7)
    assert np.max(found) == pytest.approx(0.3)
    assert found[30] == pytest.approx(0.3 * ENDS[option], rel=1e-4, abs=1e-7)
    longer = np.array([run({**traced, "steps": 60}, at) for at in (20, 40)])
    assert longer[0] == pytest.approx(found[10], rel=1e-5) and longer[1] == pytest.approx(found[20], rel=1e-5)


@pytest.mark.parametrize("total", [1, 2, 3, 7, 30, 99])
def test_boundaries_are_whole_steps_in_runs_of_any_length(total):
    share = jax.jit(lambda share, total, at: step(1.0, total, [share], 0.5)(at))
    warm = jax.jit(lambda share, total, at: warmup_cosine(1.0, total, share)(at))
    for wanted in (0.1, 0.3, 1 / 3, 0.7):
        boundary = round(np.float32(wanted) * np.float32(total))
        values = [float(share(wanted, total, at)) for at in range(total)]
        assert values == [1.0] * min(boundary, total) + [0.5] * (total - boundary)
        assert all(np.isfinite(float(warm(wanted, total, at))) for at in range(total + 1))


def test_a_rate_stays_float32():
    rate = jax.jit(lambda peak, steps, at: warmup_cosine(peak, steps, 0.1)(at))
    assert rate(jnp.float32(0.3), 100, 25).dtype == jnp.float32
