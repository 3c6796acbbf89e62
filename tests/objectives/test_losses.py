"""Losses against NumPy in float64, and finite where outputs are extreme."""

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest
from sklearn.metrics import hinge_loss, log_loss

from runner.composition import compose
from runner.errors import ConfigError
from runner.experiment import blueprint, numbers_of
from runner.specs import Spec
from tests.models.training import train

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


def test_output_is_the_mean_of_the_outputs_whatever_the_targets():
    parts, _ = loss_of("loss=output")
    found = parts.loss(jnp.asarray(OUTPUTS), jnp.asarray(TARGETS))
    np.testing.assert_allclose(found, OUTPUTS.astype(np.float64).mean(axis=1), rtol=1e-5, atol=1e-6)


def of_class(outputs: np.ndarray, label: int, loss: str) -> float:
    """The loss of one example's outputs [k] at a class, from its formula."""
    one = outputs.astype(np.float64)
    if loss == "hinge":
        return max(0.0, 1 + np.delete(one, label).max() - one[label])
    if loss == "focal":
        share = np.exp(one[label]) / np.exp(one).sum()
        return -0.25 * (1 - share) ** 2 * np.log(share)
    if loss == "binary_cross_entropy":
        sigmoids = 1 / (1 + np.exp(-one))
        return -np.mean([np.log(s if k == label else 1 - s) for k, s in enumerate(sigmoids)])
    errors = np.abs(one - np.eye(len(one))[label])
    return np.mean(np.where(errors <= 1, errors**2 / 2, errors - 0.5))


NEW = ["hinge", "binary_cross_entropy", "huber", "focal"]
OF_CLASSES = ["cross_entropy", "hinge", "binary_cross_entropy", "focal"]


@pytest.mark.parametrize("classes", [2, 5])
@pytest.mark.parametrize("loss", NEW)
def test_a_loss_is_its_formula(loss, classes):
    parts, _ = loss_of(f"loss={loss}")
    outputs, labels = OUTPUTS[:, :classes], LABELS % classes
    expected = [of_class(row, label, loss) for row, label in zip(outputs, labels, strict=True)]
    found = parts.loss(jnp.asarray(outputs), jax.nn.one_hot(labels, classes))
    assert found.shape == (20,)
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-6)


def test_hinge_is_scikit_learns_of_five_classes_and_of_two():
    parts, _ = loss_of("loss=hinge")
    found = parts.loss(jnp.asarray(OUTPUTS), jnp.asarray(TARGETS))
    assert float(found.mean()) == pytest.approx(hinge_loss(LABELS, OUTPUTS), rel=1e-6)
    two, labels = OUTPUTS[:, :2], LABELS % 2
    found = parts.loss(jnp.asarray(two), jax.nn.one_hot(labels, 2))
    assert float(found.mean()) == pytest.approx(hinge_loss(labels, two[:, 1] - two[:, 0]), rel=1e-6)
    np.testing.assert_allclose(found, optax.hinge_loss(two[:, 1] - two[:, 0], 2 * labels - 1), atol=1e-6)


@pytest.mark.parametrize("loss", ["hinge", "binary_cross_entropy", "focal"])
def test_soft_targets_weigh_the_losses_of_the_classes(loss):
    parts, _ = loss_of(f"loss={loss}", "loss.label_smoothing=0.2")
    soft = np.asarray(parts.soften(jnp.asarray(TARGETS)), np.float64)
    np.testing.assert_allclose(soft, 0.8 * TARGETS + 0.04, rtol=1e-6)
    expected = [
        sum(share * of_class(row, label, loss) for label, share in enumerate(shares))
        for row, shares in zip(OUTPUTS, soft, strict=True)
    ]
    np.testing.assert_allclose(parts.loss(jnp.asarray(OUTPUTS), jnp.asarray(soft)), expected, rtol=1e-5)


def test_focal_without_focus_is_cross_entropy():
    plain, _ = loss_of("loss=cross_entropy")
    focal, _ = loss_of("loss=focal", "loss.gamma=0", "loss.alpha=1")
    arguments = jnp.asarray(OUTPUTS), jnp.asarray(TARGETS)
    np.testing.assert_allclose(focal.loss(*arguments), plain.loss(*arguments), rtol=1e-5)


def test_their_numbers_are_inputs():
    for loss, own in (("huber", {"loss.delta"}), ("focal", {"loss.gamma", "loss.alpha"})):
        config = compose([f"loss={loss}"])
        numbers = numbers_of(config, 1)
        assert own <= numbers.keys()

        def mean(numbers, config=config):
            parts = blueprint(config, SPEC, numbers).build(numbers)
            return parts.loss(jnp.asarray(OUTPUTS), jnp.asarray(TARGETS)).mean()

        plain = blueprint(config, SPEC, ()).build({}).loss(jnp.asarray(OUTPUTS), jnp.asarray(TARGETS))
        np.testing.assert_allclose(jax.jit(mean)(numbers), plain.mean(), rtol=1e-5)


@pytest.mark.parametrize("loss", OF_CLASSES)
def test_numbers_for_targets_are_refused(loss):
    config = compose([f"loss={loss}"])
    with pytest.raises(ConfigError, match="needs classes, and the targets are numbers; try loss="):
        blueprint(config, SPEC._replace(classes=None), ()).build({})


@pytest.mark.parametrize("loss", ["mse", "huber"])
def test_numbers_for_targets_are_met(loss):
    parts = blueprint(compose([f"loss={loss}"]), SPEC._replace(classes=None), ()).build({})
    errors = OUTPUTS.astype(np.float64) - 1.5
    huber = np.where(np.abs(errors) <= 1, errors**2 / 2, np.abs(errors) - 0.5)
    expected = (errors**2 if loss == "mse" else huber).mean(axis=1)
    found = parts.loss(jnp.asarray(OUTPUTS), jnp.full((20, 5), 1.5))
    np.testing.assert_allclose(found, expected, rtol=1e-5)


@pytest.mark.parametrize("loss", ["mse", "huber", *OF_CLASSES])
@pytest.mark.parametrize("size", [0.0, 1e4, -1e4])
def test_gradients_are_finite_at_extremes(loss, size):
    parts, _ = loss_of(f"loss={loss}")
    gradient = jax.grad(lambda outputs: parts.loss(outputs, jnp.asarray(TARGETS[:1])).sum())
    for place in (0, 2):
        assert jnp.isfinite(gradient(jnp.zeros((1, 5)).at[0, place].set(size))).all()


@pytest.mark.parametrize("loss", NEW)
def test_a_linear_model_learns_by_it(loss):
    adam = ["optimizer=adam", "optimizer.learning_rate=0.01"]
    losses = train(["model=linear", f"loss={loss}", "loss.label_smoothing=0.1", *adam], steps=40)
    assert losses[-5:].mean() < 0.8 * losses[:5].mean()
