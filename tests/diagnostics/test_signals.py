"""Every signal of a step against NumPy: one hidden layer of tanh or relu, 16 digits, gradient descent."""

from collections.abc import Callable
from typing import NamedTuple

import jax
import numpy as np
import pytest

from runner.backend import width
from runner.composition import compose
from runner.diagnostics.averages import averages
from runner.diagnostics.histograms import BINS, Histogram
from runner.experiment import blueprint, numbers_of
from runner.preparation import Lane, Material, gather
from runner.training import diagnosis, program

HIDDEN, LOGITS = "dense.hidden.0", "dense.logits"
LAYERS = (HIDDEN, LOGITS)
BATCH, RATE, STEP = 16, 0.1, 5
LOW, HIGH = 2, 4
"""Hidden units with a large bias: a relu is dead at the low one, a tanh saturated at both."""
OPTIONS = [
    "model.hidden=[6]",
    f"batch_size={BATCH}",
    "dataset.subset=160",
    "precision=float64",
    "optimizer=sgd",
    f"optimizer.learning_rate={RATE}",
    "preprocessing=none",
    "diagnostics=full",
]
ACTIVATIONS = {
    "tanh": (np.tanh, lambda x: 1 - np.tanh(x) ** 2),
    "relu": (lambda x: np.maximum(x, 0), lambda x: (x > 0).astype(float)),
}


class Seen(NamedTuple):
    """What was found at a step, and what NumPy needs to find it."""

    signals: dict[str, float]
    count: Callable[[], dict[str, Histogram]]
    """Counts its histograms."""
    weights: list[np.ndarray]
    """Kernel and bias of the hidden layer, and those of the logits."""
    inputs: np.ndarray
    labels: np.ndarray


def look(activation: str, *more: str, spoil: bool = False) -> Seen:
    config = compose([*OPTIONS, f"activation={activation}", *more])
    with width(config):
        material, numbers = gather(config), numbers_of(config, 100)
        return _look(material, Lane(blueprint(config, material.spec, numbers), numbers, {}), spoil)


def _look(material: Material, lane: Lane, spoil: bool) -> Seen:
    numbers, data, tags = lane.scalars("float64"), material.data, []
    state = jax.jit(program.start(lane.build))(numbers, data)
    layers = state.model["dense"]["hidden"][0]["linear"], state.model["dense"]["logits"]
    layers[0]["bias"].set_value(layers[0]["bias"].get_value().at[LOW].set(-50.0).at[HIGH].set(50.0))
    if spoil:
        layers[1]["kernel"].set_value(
            layers[1]["kernel"].get_value().at[0, 0].set(np.inf).at[1, 0].set(np.nan)
        )
    order = np.asarray(data.train)[::-1]
    state = state._replace(order=order)
    sums = jax.jit(diagnosis.look(lane.build, tags))(numbers, state, np.int32(STEP), data)

    def count() -> dict[str, Histogram]:
        with width(material.config):
            return jax.device_get(
                jax.jit(diagnosis.inspect(lane.build))(numbers, state, np.int32(STEP), data)
            )

    batch = order[STEP * BATCH : (STEP + 1) * BATCH]
    inputs = material.dataset.inputs[batch].reshape(BATCH, -1) / material.dataset.maximum
    weights = [np.asarray(layer[name].get_value()) for layer in layers for name in ("kernel", "bias")]
    return Seen(
        averages(tags, np.asarray(sums)),
        count,
        weights,
        inputs,
        material.dataset.targets[batch],
    )


@pytest.fixture(scope="module", params=ACTIVATIONS)
def case(request) -> tuple[str, Seen]:
    return request.param, look(request.param)


def losses_and_gradients(activation, weights, inputs, labels):
    """The losses [n], and the gradients of their mean in the order of the weights; by back-propagation."""
    function, slope = ACTIVATIONS[activation]
    w1, b1, w2, b2 = weights
    before = inputs @ w1 + b1
    hidden = function(before)
    logits = hidden @ w2 + b2
    shares = np.exp(logits - logits.max(axis=1, keepdims=True))
    shares /= shares.sum(axis=1, keepdims=True)
    back = (shares - np.eye(10)[labels]) / len(labels)
    through = back @ w2.T * slope(before)
    gradients = [inputs.T @ through, through.sum(axis=0), hidden.T @ back, back.sum(axis=0)]
    return -np.log(shares[np.arange(len(labels)), labels]), gradients


def norm(arrays) -> float:
    return float(np.sqrt(sum(np.sum(array**2) for array in arrays)))


def test_norms_and_ratios(case):
    activation, seen = case
    _, gradients = losses_and_gradients(activation, seen.weights, seen.inputs, seen.labels)
    for layer, own in zip(LAYERS, (slice(0, 2), slice(2, 4)), strict=True):
        weight_norm = norm(seen.weights[own])
        assert seen.signals[f"gradient_norm/{layer}"] == pytest.approx(norm(gradients[own]), rel=1e-10)
        assert seen.signals[f"diagnostics/weight_norm/{layer}"] == pytest.approx(weight_norm, rel=1e-10)
        # A step of gradient descent is the rate times the gradient.
        ratio = RATE * norm(gradients[own]) / weight_norm
        assert seen.signals[f"diagnostics/update_ratio/{layer}"] == pytest.approx(ratio, rel=1e-10)
        assert seen.signals[f"diagnostics/non_finite/{layer}"] == 0


def test_what_the_hidden_units_do(case):
    activation, seen = case
    function, slope = ACTIVATIONS[activation]
    before = seen.inputs @ seen.weights[0] + seen.weights[1]
    hidden, flat = function(before), np.abs(slope(before)) < 1e-3
    expected = {
        "dead_units": np.mean(np.all(flat, axis=0)),
        "zero_activations": np.mean(hidden == 0),
        "activation_mean": hidden.mean(),
        "activation_variance": hidden.var(),
    }
    for signal, value in expected.items():
        assert seen.signals[f"diagnostics/{signal}/{HIDDEN}"] == pytest.approx(value, rel=1e-10), signal
    assert expected["dead_units"] >= (1 if activation == "relu" else 2) / 6
    assert f"diagnostics/dead_units/{LOGITS}" not in seen.signals
    saturated = f"diagnostics/saturated_units/{HIDDEN}"
    if activation == "relu":
        assert saturated not in seen.signals  # it has no bound
    else:
        nearly = np.abs(slope(before)) < 0.05 * slope(np.array(0.5))
        assert seen.signals[saturated] == pytest.approx(nearly.mean(), rel=1e-10)
        assert nearly.mean() >= 2 / 6


def test_loss_by_class(case):
    activation, seen = case
    losses, _ = losses_and_gradients(activation, seen.weights, seen.inputs, seen.labels)
    expected = {str(label): losses[seen.labels == label].mean() for label in np.unique(seen.labels)}
    prefix = "diagnostics/class_loss/"
    found = {tag.removeprefix(prefix): value for tag, value in seen.signals.items() if tag.startswith(prefix)}
    assert found == pytest.approx(expected, rel=1e-10)
    assert len(found) < 10  # a class that the batch has not has no loss


def test_gradient_noise(case):
    activation, seen = case
    parts = [
        losses_and_gradients(activation, seen.weights, inputs, labels)[1]
        for inputs, labels in zip(np.split(seen.inputs, 4), np.split(seen.labels, 4), strict=True)
    ]
    small = np.mean([norm(part) ** 2 for part in parts])
    large = norm([np.mean(arrays, axis=0) for arrays in zip(*parts, strict=True)]) ** 2
    # |G_b|^2 = |G|^2 + tr(S) / b, solved for both of 4 examples and of 16.
    squared, trace_of_noise = np.linalg.solve([[1, 1 / 4], [1, 1 / 16]], [small, large])
    assert seen.signals["diagnostics/squared_gradient/global"] == pytest.approx(squared, rel=1e-8)
    assert seen.signals["diagnostics/noise_trace/global"] == pytest.approx(trace_of_noise, rel=1e-8)
    scale = seen.signals.get("diagnostics/gradient_noise/global")
    assert scale is None if squared <= 0 else scale == pytest.approx(trace_of_noise / squared, rel=1e-8)


def test_histograms(case):
    activation, seen = case
    _, gradients = losses_and_gradients(activation, seen.weights, seen.inputs, seen.labels)
    hidden = ACTIVATIONS[activation][0](seen.inputs @ seen.weights[0] + seen.weights[1])
    expected = {
        f"weights/{HIDDEN}": seen.weights[:2],
        f"weights/{LOGITS}": seen.weights[2:],
        f"gradients/{HIDDEN}": gradients[:2],
        f"gradients/{LOGITS}": gradients[2:],
        f"activations/{HIDDEN}": [hidden],
    }
    counted = seen.count()
    assert counted.keys() == expected.keys()
    for tag, arrays in expected.items():
        numbers, found = np.concatenate([array.ravel() for array in arrays]), counted[tag]
        assert (found.low, found.high) == pytest.approx((numbers.min(), numbers.max()))
        assert (found.sum, found.squares) == pytest.approx((numbers.sum(), np.square(numbers).sum()))
        np.testing.assert_array_equal(found.counts, np.histogram(numbers, BINS)[0], err_msg=tag)


def test_micro_batches_show_what_the_batch_does():
    whole, parts = look("relu").signals, look("relu", "accumulate=4").signals
    assert parts.keys() == whole.keys()
    assert parts == pytest.approx(whole, rel=1e-9)


def test_what_is_not_finite_is_counted_where_it_is():
    seen = look("relu", spoil=True)
    # Two weights of the logits; with them all losses, and all gradients but those at a relu's flat side.
    assert seen.signals[f"diagnostics/non_finite/{LOGITS}"] >= 2
    assert np.isnan(seen.signals[f"gradient_norm/{LOGITS}"])
    assert seen.count()[f"weights/{LOGITS}"].counts.sum() == 6 * 10 + 10 - 2
