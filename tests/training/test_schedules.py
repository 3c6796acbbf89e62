"""Schedules against Optax's, whose numbers cannot be traced, and against the closed form."""

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

from runner.training.schedules import cosine

STEPS = np.arange(0, 130, 5)


@pytest.mark.parametrize("alpha", [0.0, 0.1])
def test_cosine_is_optaxs(alpha):
    ours, theirs = cosine(0.3, 100, alpha), optax.cosine_decay_schedule(0.3, 100, alpha)
    found = [float(ours(step)) for step in STEPS]
    np.testing.assert_allclose(found, [float(theirs(step)) for step in STEPS], rtol=1e-5, atol=1e-8)
    assert found[0] == pytest.approx(0.3)
    assert found[-1] == pytest.approx(0.3 * alpha, abs=1e-8)


def test_its_numbers_may_be_traced():
    rate = jax.jit(lambda peak, steps, step: cosine(peak, steps)(step))
    assert float(rate(0.3, 100, 25)) == pytest.approx(0.3 * (1 + np.cos(np.pi / 4)) / 2)
    assert rate(jnp.float32(0.3), 100, 25).dtype == jnp.float32
