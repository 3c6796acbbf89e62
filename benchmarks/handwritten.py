"""A training loop as one would write it for one experiment: imports nothing of the runner."""

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax
from flax import nnx

Arrays = Any


def compile_loop(
    model: Callable[[nnx.Rngs], nnx.Module],
    inputs: np.ndarray,
    targets: np.ndarray,
    val: tuple[np.ndarray, np.ndarray],
    *,
    batch_size: int,
    learning_rate: float,
    epochs: int,
) -> Callable[[], list[dict[str, float]]]:
    """A function that trains from the start and returns the metrics of each epoch.

    Inputs [n, ...] are what the model takes, but may be stored as integers; targets [n] are classes.
    """
    optimizer = optax.adam(learning_rate)
    graphdef, first = nnx.split(model(nnx.Rngs(0)))
    x_train, y_train, x_val, y_val = map(jax.device_put, (inputs, targets, *val))
    per_epoch = len(inputs) // batch_size

    def loss(parameters: Arrays, x: jax.Array, y: jax.Array) -> tuple[jax.Array, jax.Array]:
        logits = nnx.merge(graphdef, parameters)(x.astype(jnp.float32))
        return optax.softmax_cross_entropy_with_integer_labels(logits, y).mean(), logits

    def accuracy(logits: jax.Array, y: jax.Array) -> jax.Array:
        return jnp.mean(jnp.argmax(logits, axis=-1) == y)

    def step(carry: Arrays, batch: jax.Array) -> tuple[Arrays, Arrays]:
        parameters, state = carry
        x, y = x_train[batch], y_train[batch]
        (value, logits), gradients = jax.value_and_grad(loss, has_aux=True)(parameters, x, y)
        updates, state = optimizer.update(gradients, state, parameters)
        measured = value, accuracy(logits, y), optax.tree.norm(gradients)
        return (optax.apply_updates(parameters, updates), state), measured

    @jax.jit
    def epoch(parameters: Arrays, state: Arrays, key: jax.Array) -> Arrays:
        order = jax.random.permutation(key, len(inputs))[: per_epoch * batch_size]
        batches = order.reshape(per_epoch, batch_size)
        (parameters, state), measured = jax.lax.scan(step, (parameters, state), batches)
        value, logits = loss(parameters, x_val, y_val)
        train = [jnp.mean(one) for one in measured]
        return parameters, state, (*train, value, accuracy(logits, y_val))

    def run() -> list[dict[str, float]]:
        parameters, state, history = first, optimizer.init(first), []
        names = ("train/loss", "train/accuracy", "gradient_norm", "val/loss", "val/accuracy")
        for key in jax.random.split(jax.random.key(0), epochs):
            parameters, state, measured = epoch(parameters, state, key)
            history.append(dict(zip(names, map(float, measured), strict=True)))
        return history

    return run
