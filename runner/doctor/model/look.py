"""A first look at the untrained model: a program of one lane."""

from collections.abc import Callable
from typing import Any, NamedTuple, TypeAlias

import jax
import jax.numpy as jnp
from flax import nnx

from runner.training.batches import Data, epoch_order, examples, preprocess, training_batch
from runner.training.parts import Build, Numbers
from runner.training.state import skeleton
from runner.training.step import weighed

Array: TypeAlias = Any  # of JAX in the program, of NumPy on the host


SURER = 10.0
"""How many times as large an output for the right class shows whether a loss is one for classes."""


class Look(NamedTuple):
    """What there is to see before the first step."""

    inputs: Array
    """As the model sees them without augmentation, [b, ...]."""
    targets: Array
    """As the loss takes them, but neither softened nor mixed, [b, k]."""
    loss: Array
    """Of the first training step, were these its batch."""
    blank: Array
    """The same, if all outputs were 0."""
    right: Array
    """The loss of outputs that are the targets as the loss takes them, and of `SURER` times these, [2]."""
    orders: Array
    """Which examples the first two epochs visit, int32 [2, n]."""


def look(build: Build) -> Callable[[Numbers, nnx.State, jax.Array, Data], Look]:
    """The program that looks at the training examples at `indices` [b]."""

    def run(numbers: Numbers, model: nnx.State, indices: jax.Array, data: Data) -> Look:
        parts = build(numbers)
        network = nnx.merge(skeleton(parts), model, copy=True)
        network.train()
        inputs, targets, weights = training_batch(parts, data, indices, jnp.int32(0))
        outputs = network(inputs)

        def mean_loss(outputs: jax.Array) -> jax.Array:
            return weighed(parts.loss(outputs, targets), weights)

        plain, encoded = examples(data, indices, parts)
        orders = jnp.stack([epoch_order(parts, data, jnp.int32(epoch)) for epoch in (0, 1)])
        loss, blank = mean_loss(outputs), mean_loss(jnp.zeros_like(outputs))
        right = jnp.stack([jnp.mean(parts.loss(times * encoded, encoded)) for times in (1.0, SURER)])
        return Look(preprocess(data, plain), encoded, loss, blank, right, orders)

    return run
