"""Trains what a config describes for a few steps, every number of it an input of the program."""

from functools import cache

import jax
import jax.numpy as jnp
import numpy as np
from flax import nnx

from runner.composition import compose
from runner.experiment import Blueprint, as_arrays, blueprint, build_dataset, numbers_of
from runner.preparation import place_dataset
from runner.specs import specify
from runner.training.batches import epoch_order
from runner.training.state import create_model, initialise, skeleton
from runner.training.step import step

Scalars = dict[str, np.ndarray]
CHEAPLY = ["optimizer=sgd", "optimizer.learning_rate=0.1", "batch_size=32", "diagnostics=off"]
"""What compiles fast."""


@cache
def _digits():
    config = compose([])
    dataset = build_dataset(config)
    return dataset, place_dataset(config, dataset)


def drawn(overrides: list[str]) -> tuple[Blueprint, Scalars]:
    """The blueprint of a config, and its numbers as arrays."""
    config = compose(overrides)
    numbers = as_arrays([numbers_of(config, 100)], "float32")
    lane = {key: value[0] for key, value in numbers.items()}
    return blueprint(config, specify(_digits()[0]), numbers), lane


def train(overrides: list[str], steps: int = 20) -> np.ndarray:
    """The training loss of each step on digits, from one compiled program of all numbers."""
    plan, lane = drawn([*CHEAPLY, *overrides])
    _, data = _digits()

    @jax.jit
    def run(numbers):
        parts = plan.build(numbers)
        graphdef, state = skeleton(parts), initialise(parts, nnx.state(create_model(parts)), data)
        batches = epoch_order(parts, data, jnp.int32(0))[: steps * parts.batch_size].reshape(steps, -1)

        def body(carry, batch):
            indices, index = batch
            model, optimizer, scalars = step(parts, graphdef, *carry, data, indices, index)
            return (model, optimizer), scalars["train/loss"]

        return jax.lax.scan(body, (state.model, state.optimizer), (batches, jnp.arange(steps)))[1]

    losses = np.asarray(run(lane))
    assert np.isfinite(losses).all()
    return losses
