"""Every optimizer at its YAML's defaults against its formula in NumPy, float64."""

from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

from runner.composition import compose
from runner.errors import ConfigError
from runner.experiment import blueprint, numbers_of
from runner.specs import Spec
from runner.training.muon import muon
from runner.validation import validate

STEPS = 100
SPEC = Spec((4,), 3, ("a", "b", "c"), 1.0, 100)
Arrays = dict[str, np.ndarray]
Update = Callable[[np.ndarray, np.ndarray, float, int], np.ndarray]
"""Weights, gradient, rate, step from 1 -> weights; one for each array, since it may remember."""


def sgd() -> Update:
    return lambda w, g, rate, t: w - rate * g


def momentum() -> Update:
    v = 0.0

    def update(w, g, rate, t):
        nonlocal v
        v = 0.9 * v + g
        return w - rate * v

    return update


def nesterov() -> Update:
    v = 0.0

    def update(w, g, rate, t):
        nonlocal v
        v = 0.9 * v + g
        return w - rate * (g + 0.9 * v)

    return update


def adagrad() -> Update:
    total = 0.0

    def update(w, g, rate, t):
        nonlocal total
        total = total + g**2
        return w - rate * g / np.sqrt(total + 1e-8)

    return update


def rmsprop() -> Update:
    mean = 0.0

    def update(w, g, rate, t):
        nonlocal mean
        mean = 0.9 * mean + 0.1 * g**2
        return w - rate * g / np.sqrt(mean + 1e-8)

    return update


def adadelta() -> Update:
    gradients, updates = 0.0, 0.0

    def update(w, g, rate, t):
        nonlocal gradients, updates
        gradients = 0.95 * gradients + 0.05 * g**2
        u = np.sqrt(updates + 1e-6) / np.sqrt(gradients + 1e-6) * g
        updates = 0.95 * updates + 0.05 * u**2
        return w - rate * u

    return update


def moments(b1: float = 0.9, b2: float = 0.999) -> Callable[[np.ndarray, int], tuple[np.ndarray, ...]]:
    m, v = 0.0, 0.0

    def update(g, t):
        nonlocal m, v
        m, v = b1 * m + (1 - b1) * g, b2 * v + (1 - b2) * g**2
        return m / (1 - b1**t), v / (1 - b2**t), m

    return update


def adam(decay: float = 0.0) -> Update:
    moved = moments()

    def update(w, g, rate, t):
        m, v, _ = moved(g, t)
        return w - rate * m / (np.sqrt(v) + 1e-8) - rate * (decay if w.ndim >= 2 else 0) * w

    return update


def adamw() -> Update:
    return adam(decay=0.01)


def nadam() -> Update:
    moved = moments()

    def update(w, g, rate, t):
        _, v, m = moved(g, t)
        ahead = 0.9 * m / (1 - 0.9 ** (t + 1)) + 0.1 * g / (1 - 0.9**t)
        return w - rate * ahead / (np.sqrt(v) + 1e-8)

    return update


def lamb() -> Update:
    moved = moments()

    def update(w, g, rate, t):
        m, v, _ = moved(g, t)
        u = m / (np.sqrt(v) + 1e-6) + (0.01 if w.ndim >= 2 else 0) * w
        norm, size = np.linalg.norm(w), np.linalg.norm(u)
        return w - rate * (norm / size if norm > 0 and size > 0 else 1) * u

    return update


def lion() -> Update:
    m = 0.0

    def update(w, g, rate, t):
        nonlocal m
        sign = np.sign(0.9 * m + 0.1 * g)
        m = 0.99 * m + 0.01 * g
        return w - rate * (sign + (0.1 if w.ndim >= 2 else 0) * w)

    return update


REFERENCES = {
    reference.__name__: reference
    for reference in (sgd, momentum, nesterov, adagrad, rmsprop, adadelta, adam, adamw, nadam, lamb, lion)
}


def gradients(w: Arrays, xp=np) -> Arrays:
    """Of sum(a (w - c)^2) / 2, badly conditioned, and of the mean squared error of a tanh layer."""
    inputs = np.cos(np.arange(32.0)).reshape(8, 4)
    targets = np.sin(np.arange(24.0)).reshape(8, 3)
    outputs = xp.tanh(inputs @ w["layer"] + w["bias"])
    back = 2 * (outputs - targets) / targets.size * (1 - outputs**2)
    return {
        "quadratic": np.geomspace(0.01, 10, 12).reshape(4, 3) * (w["quadratic"] - 1.5),
        "layer": inputs.T @ back,
        "bias": back.sum(axis=0),
    }


def start() -> Arrays:
    weights = np.sin(np.arange(12.0)).reshape(4, 3)
    return {"quadratic": weights, "layer": weights / 2, "bias": np.zeros(3)}


def cosine(rate: float, t: int) -> float:
    return rate * (1 + np.cos(np.pi * (t - 1) / STEPS)) / 2


def parts_of(*overrides: str):
    config = compose(list(overrides))
    return config.optimizer.learning_rate, blueprint(config, SPEC, ()).build({})


def path(parts, gradients, steps: int = STEPS) -> tuple[dict[str, jax.Array], ...]:
    """The weights after each step and those that are evaluated then, [steps, ...]."""

    def step(carry, _):
        parameters, state = carry
        updates, state = parts.optimizer.update(gradients(parameters, jnp), state, parameters)
        parameters = optax.apply_updates(parameters, updates)
        return (parameters, state), (parameters, parts.evaluated(state, parameters))

    parameters = {name: jnp.asarray(array) for name, array in start().items()}
    run = jax.jit(lambda start: jax.lax.scan(step, (start, parts.optimizer.init(start)), None, steps)[1])
    return run(parameters)


def assert_close(ours, theirs, tolerance: float = 1e-5) -> None:
    """The difference in an array is small beside the array."""
    for name, array in theirs.items():
        assert np.linalg.norm(ours[name] - array) <= tolerance * np.linalg.norm(array), name


@pytest.mark.parametrize("name", REFERENCES)
def test_a_hundred_steps_are_those_of_the_formula(name):
    with jax.enable_x64():
        rate, parts = parts_of(f"optimizer={name}", "schedule=cosine", f"steps={STEPS}")
        found, _ = path(parts, gradients)
        updates, weights = {key: REFERENCES[name]() for key in start()}, start()
        for t in range(1, STEPS + 1):
            g = gradients(weights)
            weights = {key: updates[key](w, g[key], cosine(rate, t), t) for key, w in weights.items()}
            assert_close({key: array[t - 1] for key, array in found.items()}, weights)
        assert np.max(np.abs(weights["layer"] - start()["layer"])) > 1e-3


def test_schedule_free_is_the_papers_and_evaluated_at_its_average():
    with jax.enable_x64():
        decay = "optimizer.weight_decay=0.1"
        rate, parts = parts_of("optimizer=schedule_free_adamw", decay, "optimizer.gradient_clip=1000.0")
        trained, evaluated = path(parts, gradients)
        y, z, x = start(), start(), start()
        seconds = dict.fromkeys(y, 0.0)
        for t in range(1, STEPS + 1):
            for key, g in gradients(y).items():
                seconds[key] = 0.999 * seconds[key] + 0.001 * g**2
                step = g / (np.sqrt(seconds[key] / (1 - 0.999**t)) + 1e-8)
                z[key] = z[key] - rate * (step + (0.1 if g.ndim >= 2 else 0) * y[key])
                x[key] = x[key] + (z[key] - x[key]) / t
                y[key] = 0.1 * z[key] + 0.9 * x[key]
            assert_close({key: array[t - 1] for key, array in trained.items()}, y)
            assert_close({key: array[t - 1] for key, array in evaluated.items()}, x)
        assert np.max(np.abs(x["layer"] - y["layer"])) > 1e-4


def test_every_other_optimizer_is_evaluated_where_it_trains():
    _, parts = parts_of("optimizer=adam")
    assert parts.evaluated("state", "parameters") == "parameters"


def test_muons_updates_are_orthogonal_and_its_biases_adams():
    """Newton-Schulz leaves singular values near 1, not at it: within (0.5, 1.3), as Jordan states."""
    shapes = {"wide": (5, 9), "tall": (9, 5), "conv": (3, 3, 2, 7), "bias": (9,)}
    keys = dict(zip(shapes, jax.random.split(jax.random.key(0), len(shapes)), strict=True))
    parameters = {name: jnp.zeros(shape) for name, shape in shapes.items()}
    ours = muon(1.0, momentum=0.95, rms=0.2, b1=0.9, b2=0.999, eps=1e-8)
    adams, state = optax.adam(1.0), ours.init(parameters)
    expected, update = adams.init(parameters["bias"]), jax.jit(ours.update)
    for step in range(3):
        gradients = {
            name: jax.random.normal(keys[name], shape) * 10.0**-step for name, shape in shapes.items()
        }
        updates, state = update(gradients, state, parameters)
        bias, expected = adams.update(gradients["bias"], expected)
        np.testing.assert_allclose(updates["bias"], bias, rtol=1e-6)
        for name in ("wide", "tall", "conv"):
            matrix = np.asarray(updates[name]).reshape(-1, shapes[name][-1])
            values = np.linalg.svd(matrix, compute_uv=False) / (0.2 * max(matrix.shape) ** 0.5)
            assert values.min() > 0.5 and values.max() < 1.3, (name, values)
            direction, _, back = np.linalg.svd(np.asarray(gradients[name]).reshape(matrix.shape), False)
            assert np.sum(-matrix * (direction @ back)) > 0.8 * np.sqrt(len(values)) * np.linalg.norm(matrix)


@pytest.mark.parametrize("option", [*REFERENCES, "muon", "schedule_free_adamw"])
def test_weights_decay_once_and_biases_never(option):
    """Without gradients nothing but the decay moves them."""
    decay, rate = 0.5, 0.1
    rates = [f"optimizer.learning_rate={rate}", f"optimizer.weight_decay={decay}"]
    _, parts = parts_of(f"optimizer={option}", *rates)
    moved, _ = path(parts, lambda weights, _: jax.tree.map(jnp.zeros_like, weights), 1)
    # LAMB's trust ratio makes a step of decay alone as long as the weights.
    factor = 1 - rate if option == "lamb" else 1 - rate * decay
    np.testing.assert_allclose(moved["layer"][0], start()["layer"] * factor, rtol=1e-5)
    np.testing.assert_array_equal(moved["bias"][0], start()["bias"])


def test_adam_with_our_decay_is_optaxs_adamw_and_lion_optaxs_lion():
    matrices = {"quadratic": True, "layer": True, "bias": False}
    for option, theirs in (
        ("adamw", optax.adamw(1e-3, weight_decay=0.01, mask=matrices)),
        ("lion", optax.lion(1e-4, weight_decay=0.1, mask=matrices)),
    ):
        _, parts = parts_of(f"optimizer={option}")
        ours, _ = path(parts, gradients)
        expected, _ = path(parts._replace(optimizer=theirs), gradients)
        assert_close(ours, expected)


def test_a_rate_that_changes_is_refused_with_schedule_free():
    with pytest.raises(ConfigError, match="averages weights instead"):
        validate(compose(["optimizer=schedule_free_adamw", "schedule=cosine"]))
    with pytest.raises(ConfigError, match="optimizer: b1=0"):
        parts_of("optimizer=schedule_free_adamw", "optimizer.b1=0.0")


@pytest.mark.parametrize("option", [*REFERENCES, "muon", "schedule_free_adamw"])
def test_every_number_may_be_traced(option):
    """The build fails if a number meets a branch in Python."""
    config = compose([f"optimizer={option}", "optimizer.gradient_clip=1.0", "optimizer.weight_decay=0.1"])
    numbers = {key: value for key, value in numbers_of(config, 100).items() if key.startswith("optimizer.")}
    drawn = blueprint(config, SPEC, numbers)

    def update(numbers):
        optimizer = drawn.build(numbers).optimizer
        parameters = {name: jnp.asarray(array) for name, array in start().items()}
        state = optimizer.init(parameters)
        return optimizer.update(parameters, state, parameters)[0]

    assert len(numbers) >= 3
    assert jax.eval_shape(update, numbers).keys() == start().keys()
