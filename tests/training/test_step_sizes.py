"""Proximal steps balance the steps of every optimizer whose step size is known."""

from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

from runner.objectives.proximal import soft_threshold
from runner.training import step_sizes
from runner.training.proximal import projected, proximal

adam = partial(step_sizes.adam, b2=0.999, eps=1e-8)
CASES = {
    "sgd": (optax.sgd, 0.1, step_sizes.sgd),
    "momentum": (partial(optax.sgd, momentum=0.9), 0.01, partial(step_sizes.momentum, momentum=0.9)),
    "nesterov": (
        partial(optax.sgd, momentum=0.9, nesterov=True),
        0.01,
        partial(step_sizes.momentum, momentum=0.9),
    ),
    "adam": (optax.adam, 0.02, adam),
    "adamw": (partial(optax.adamw, weight_decay=0.0), 0.02, adam),
    "nadam": (optax.nadam, 0.02, adam),
    "adagrad": (
        partial(optax.adagrad, initial_accumulator_value=0.0, eps=1e-8),
        0.5,
        partial(step_sizes.adagrad, eps=1e-8),
    ),
    "rmsprop": (
        partial(optax.rmsprop, decay=0.9, eps=1e-8),
        0.01,
        partial(step_sizes.rmsprop, eps=1e-8),
    ),
}
PARAMETERS = {"kernel": jnp.array([[0.0, 3.0], [0.0, -1.0]]), "bias": jnp.zeros(2)}


@pytest.mark.parametrize("name", CASES)
def test_it_is_the_update_of_a_constant_gradient(name):
    """At rest an update is -s g: what a proximal step, which subtracts s strength, has to balance."""
    make, rate, step_size = CASES[name]
    rates = optax.constant_schedule(rate)
    optimizer = optax.chain(optax.clip_by_global_norm(100.0), make(rates))
    gradients = {"kernel": jnp.array([[0.3, -2.0], [1.0, 0.01]]), "bias": jnp.ones(2)}

    def step(state, _):
        updates, state = optimizer.update(gradients, state, PARAMETERS)
        return state, updates

    state, updates = jax.lax.scan(step, optimizer.init(PARAMETERS), length=300)
    steps = jax.tree.broadcast(step_size(state, rate), PARAMETERS)
    for key in PARAMETERS:
        np.testing.assert_allclose(updates[key][-1], -steps[key] * gradients[key], rtol=1e-4)


@pytest.mark.parametrize("name", CASES)
def test_the_minimum_of_a_square_and_an_absolute_value(name):
    """min (w - 1)^2 + |w| / 2 is at 0.75, and of (w - 0.2)^2 + |w| / 2 at exactly 0; biases are spared."""
    make, rate, step_size = CASES[name]
    schedule = optax.cosine_decay_schedule(rate, 3000)
    optimizer = proximal(make(schedule), schedule, step_size, [partial(soft_threshold, strength=0.5)])
    goal = {"kernel": jnp.array([[1.0, 0.2], [-1.0, 2.0]]), "bias": jnp.ones(2)}

    def step(carry, _):
        parameters, state = carry
        gradients = jax.tree.map(lambda w, to: 2 * (w - to), parameters, goal)
        updates, state = optimizer.update(gradients, state, parameters)
        return (optax.apply_updates(parameters, updates), state), None

    (found, _), _ = jax.lax.scan(step, (PARAMETERS, optimizer.init(PARAMETERS)), length=3000)
    np.testing.assert_allclose(found["kernel"], [[0.75, 0], [-0.75, 1.75]], atol=2e-3)
    assert found["kernel"][0, 1] == 0
    np.testing.assert_allclose(found["bias"], goal["bias"], atol=2e-3)


def test_the_step_size_of_another_optimizer_is_refused():
    state = optax.sgd(0.1).init(PARAMETERS)
    with pytest.raises(ValueError, match="no ScaleByAdamState; this step size is another optimizer's"):
        step_sizes.adam(state, 0.1, b2=0.999, eps=1e-8)


def test_a_projection_is_of_weights_after_the_update():
    optimizer = projected(optax.sgd(1.0), [lambda weight: jnp.clip(weight, -1, 1)])
    gradients = {"kernel": jnp.full((2, 2), -5.0), "bias": jnp.full(2, -5.0)}
    updates, _ = optimizer.update(gradients, optimizer.init(PARAMETERS), PARAMETERS)
    moved = optax.apply_updates(PARAMETERS, updates)
    np.testing.assert_array_equal(moved["kernel"], np.ones((2, 2)))
    np.testing.assert_array_equal(moved["bias"], np.full(2, 5.0))
