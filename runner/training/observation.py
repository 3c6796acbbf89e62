"""What diagnostics see of a step: its gradients and updates, from a pass of their own through the network."""

from collections.abc import Callable, Sequence
from typing import Any

import jax
import jax.numpy as jnp
import optax
from flax import nnx

from runner.diagnostics.activity import activity
from runner.diagnostics.layers import find_layers
from runner.diagnostics.noise import SquaredNorms
from runner.diagnostics.observed import Observed, Ratio
from runner.diagnostics.watching import watch
from runner.training.accumulation import accumulate
from runner.training.batches import Data, batch_at, order_at, training_batch
from runner.training.parts import Parts
from runner.training.state import State, skeleton
from runner.training.step import Batch, Passed, call, objective, weighed

PARTS = 4
"""Of a batch, for the noise of its gradient."""


def observe(parts: Parts, state: State, data: Data, index: jax.Array) -> Observed:
    """The step that comes after `index` steps, which is not taken."""
    graphdef = skeleton(parts)
    parameters, others = nnx.split_state(state.model, nnx.Param, ...)
    watched = jax.value_and_grad(objective(parts, graphdef, watch), has_aux=True)

    def look(others: nnx.State, batch: Batch) -> tuple[nnx.State, Any]:
        (_, (others, passed)), gradients = watched(parameters, others, batch)
        activities = {name: activity(sown) for name, sown in passed.seen.items()}
        _, targets, counted = batch
        blank = weighed(parts.loss(jnp.zeros_like(passed.outputs), targets), counted)
        losses = {"network": passed.loss, "zeros": blank}
        return others, (gradients, activities, losses, _class_losses(parts, passed, targets))

    def outputs(parameters: nnx.State) -> dict[str, Sequence[jax.Array]]:
        network = nnx.merge(graphdef, parameters, others, copy=True)
        network.train()
        size = parts.batch_size // parts.accumulate
        seen = watch(network, *parts.given(batch[0][:size], batch[1][:size]))[1]
        return {name: sown["output"] for name, sown in seen.items()}

    order = order_at(parts, data, state.order, index)
    batch = training_batch(parts, data, batch_at(parts, data, order, index), index)
    _, (gradients, activities, losses, class_losses) = accumulate(look, parts.accumulate, others, batch)
    updates, _ = parts.optimizer.update(gradients, state.optimizer, parameters)
    layers = find_layers(outputs, parameters)
    return Observed(
        layers.names,
        parameters=layers.divide(parameters),
        gradients=layers.divide(gradients),
        updates=layers.divide(updates),
        weights=parameters,
        activities={name: activities[name] for name in layers.names if name in activities},
        losses=losses,
        class_losses=class_losses,
        outputs=lambda: outputs(parameters),
        squared_norms=lambda: _squared_norms(objective(parts, graphdef, call), parameters, others, batch),
    )


def _class_losses(parts: Parts, passed: Passed, targets: jax.Array) -> dict[str, Ratio]:
    """Of each class: means over the batch of the loss on its examples, and of how many they are."""
    if not parts.classes:
        return {}
    labels = jax.nn.one_hot(jnp.argmax(targets[:, : len(parts.classes)], axis=-1), len(parts.classes))
    above, below = jnp.mean(labels * passed.losses[:, None], axis=0), jnp.mean(labels, axis=0)
    return {name: Ratio(above[place], below[place]) for place, name in enumerate(parts.classes)}


def _squared_norms(
    objective: Callable[..., Any], parameters: nnx.State, others: nnx.State, batch: Batch
) -> SquaredNorms | None:
    size = len(batch[0])
    count = min(PARTS, size)
    if count < 2:
        return None

    def gradient(others: nnx.State, part: Batch) -> tuple[nnx.State, Any]:
        gradients, (others, _) = jax.grad(objective, has_aux=True)(parameters, others, part)
        return others, (gradients, optax.tree.norm(gradients, squared=True))

    equal = jax.tree.map(lambda array: array[: size // count * count], batch)
    _, (mean, small) = accumulate(gradient, count, others, equal)
    return SquaredNorms(small, optax.tree.norm(mean, squared=True), size // count, size // count * count)
