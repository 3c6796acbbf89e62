"""Decoupled weight decay: the closed form, and Optax's AdamW."""

import jax
import jax.numpy as jnp
import numpy as np
import optax

from runner.training.decay import decoupled_weight_decay

PARAMETERS = {"kernel": jnp.arange(1.0, 7.0).reshape(2, 3), "bias": jnp.ones(3)}


def trained(optimizer: optax.GradientTransformation, gradients, steps: int = 10):
    parameters, state = PARAMETERS, optimizer.init(PARAMETERS)
    for step in range(steps):
        updates, state = optimizer.update(gradients(step, parameters), state, parameters)
        parameters = optax.apply_updates(parameters, updates)
    return parameters


def test_without_gradients_weights_shrink_by_a_factor_a_step():
    rate = optax.constant_schedule(0.1)
    optimizer = optax.chain(optax.sgd(rate), decoupled_weight_decay(rate, 0.5))
    found = trained(optimizer, lambda step, parameters: jax.tree.map(jnp.zeros_like, parameters))
    np.testing.assert_allclose(found["kernel"], PARAMETERS["kernel"] * (1 - 0.1 * 0.5) ** 10, rtol=1e-6)
    np.testing.assert_array_equal(found["bias"], PARAMETERS["bias"])


def test_with_adam_and_a_schedule_it_is_adamw():
    rate = optax.linear_schedule(0.1, 0.01, 10)
    ours = optax.chain(optax.adam(rate), decoupled_weight_decay(rate, 0.5))
    theirs = optax.adamw(rate, weight_decay=0.5, mask=lambda tree: jax.tree.map(lambda w: w.ndim >= 2, tree))

    def gradients(step, parameters):
        return jax.tree.map(lambda w: jnp.cos(w * (step + 1)), parameters)

    found, expected = trained(ours, gradients), trained(theirs, gradients)
    jax.tree.map(lambda a, b: np.testing.assert_allclose(a, b, rtol=1e-5), found, expected)
