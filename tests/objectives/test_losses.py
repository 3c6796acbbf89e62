"""Losses against NumPy in float64, and finite where outputs are extreme."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from sklearn.metrics import log_loss

from runner.composition import compose
from runner.experiment import Spec, blueprint, numbers_of

OUTPUTS = np.random.default_rng(0).normal(0, 3, (20, 5)).astype(np.float32)
LABELS = np.arange(20) % 5
TARGETS = np.eye(5, dtype=np.float32)[LABELS]
SPEC = Spec((4,), 5, tuple("abcde"), 1.0, 100)


def loss_of(*overrides: str):
    config = compose([*overrides, "preprocessing=none"])
    return blueprint(config, SPEC, ()).build({}), numbers_of(config, 1)


def softmax(outputs: np.ndarray) -> np.ndarray:
    powers = np.exp(outputs.astype(np.float64))
    return powers / powers.sum(axis=1, keepdims=True)


def test_cross_entropy_is_scikit_learns():
    parts, _ = loss_of("loss=cross_entropy")
    found = parts.loss(jnp.asarray(OUTPUTS), parts.soften(jnp.asarray(TARGETS)))
    assert found.shape == (20,)
    assert float(found.mean()) == pytest.approx(log_loss(LABELS, softmax(OUTPUTS)), rel=1e-6)


def test_label_smoothing_is_szegedys():
    parts, _ = loss_of("loss=cross_entropy", "loss.label_smoothing=0.1")
    smoothed = 0.9 * TARGETS.astype(np.float64) + 0.1 / 5
    expected = -(smoothed * np.log(softmax(OUTPUTS))).sum(axis=1)
    found = parts.loss(jnp.asarray(OUTPUTS), parts.soften(jnp.asarray(TARGETS)))
    np.testing.assert_allclose(found, expected, rtol=1e-5)


def test_mse_is_the_mean_over_outputs():
    parts, _ = loss_of("loss=mse")
    expected = ((OUTPUTS.astype(np.float64) - TARGETS) ** 2).mean(axis=1)
    np.testing.assert_allclose(parts.loss(jnp.asarray(OUTPUTS), jnp.asarray(TARGETS)), expected, rtol=1e-6)


@pytest.mark.parametrize("loss", ["cross_entropy", "mse"])
@pytest.mark.parametrize("size", [0.0, 1e4, -1e4])
def test_gradients_are_finite_at_extremes(loss, size):
    parts, _ = loss_of(f"loss={loss}")
    gradient = jax.grad(lambda outputs: parts.loss(outputs, jnp.asarray(TARGETS[:1])).sum())
    assert jnp.isfinite(gradient(jnp.zeros((1, 5)).at[0, 2].set(size))).all()
