"""One step of training and one evaluation: pure functions of one lane."""

from collections.abc import Callable
from typing import Any, cast

import jax
import jax.numpy as jnp
import optax
from flax import nnx

from runner.objectives.metrics import weighted_mean
from runner.objectives.penalties import weights
from runner.training.accumulation import accumulate
from runner.training.batches import Data, examples, preprocess, training_batch
from runner.training.parts import Parts

Scalars = dict[str, jax.Array]
Batch = tuple[jax.Array, jax.Array, jax.Array | None]


def step(
    parts: Parts,
    graphdef: nnx.GraphDef,
    model: nnx.State,
    optimizer: Any,
    data: Data,
    indices: jax.Array,
    index: jax.Array,
) -> tuple[nnx.State, Any, Scalars]:
    """Updates the model on the examples at `indices` [b]; `index` counts the steps before this one.

    Returns the new variables, the new optimizer state and this step's scalars by tag.
    """
    parameters, others = nnx.split_state(model, nnx.Param, ...)

    def objective(
        parameters: nnx.State, others: nnx.State, batch: Batch
    ) -> tuple[jax.Array, tuple[nnx.State, Scalars]]:
        inputs, targets, counted = batch
        network = nnx.merge(graphdef, parameters, others, copy=True)
        network.train()
        outputs = network(inputs)
        losses = parts.loss(outputs, targets)
        loss = jnp.mean(losses if counted is None else counted * losses)
        penalties = [penalty(weights(parameters)) for penalty in parts.penalties.values()]
        scalars = {"train/loss": loss, **_train_metrics(parts, outputs, targets)}
        if penalties:
            scalars["train/penalty"] = jnp.sum(jnp.stack(penalties))
        return loss + scalars.get("train/penalty", 0), (nnx.state(network, nnx.Not(nnx.Param)), scalars)

    def gradient(others: nnx.State, batch: Batch) -> tuple[nnx.State, tuple[Any, Scalars]]:
        found = jax.value_and_grad(objective, has_aux=True)(parameters, others, batch)
        (_, (others, scalars)), gradients = found
        return others, (gradients, scalars)

    batch = training_batch(parts, data, indices, index)
    others, (gradients, scalars) = accumulate(gradient, parts.accumulate, others, batch)
    updates, optimizer = parts.optimizer.update(gradients, optimizer, parameters)
    scalars = scalars | parts.signals(parameters, gradients, updates)
    moved = optax.apply_updates(parameters, updates)
    return nnx.merge_state(cast(nnx.State, moved), others), optimizer, scalars


def step_tags(parts: Parts, parameters: nnx.State) -> list[str]:
    """The tags of the scalars that `step` returns, without tracing it."""
    signals = jax.eval_shape(parts.signals, parameters, parameters, parameters)
    metrics = [f"train/{name}" for name in parts.task.train_metrics]
    return ["train/loss", *metrics, *(["train/penalty"] if parts.penalties else []), *signals]


def evaluate(
    parts: Parts,
    graphdef: nnx.GraphDef,
    model: nnx.State,
    data: Data,
    indices: jax.Array,
    count: jax.Array,
) -> tuple[Scalars, jax.Array]:
    """Metrics over the first `count` of `indices` [batches, b], each example once, and all outputs.

    Outputs are [batches * b, k]; those past `count` are zero. `indices` may be longer than any one split,
    so that one program evaluates them all.
    """
    function, size = responding(parts, graphdef, model, data), indices.shape[1]
    outputs = fill(blank(function, indices), function, indices, 0, (count + size - 1) // size)
    outputs = outputs.reshape(-1, outputs.shape[-1])
    _, targets = examples(data, indices.ravel(), parts)
    return score(parts, outputs, targets, count), outputs


OfBatch = Callable[[jax.Array], jax.Array]
"""From the indices [b] of a batch to something of its examples, [b, k]."""


def responding(parts: Parts, graphdef: nnx.GraphDef, model: nnx.State, data: Data) -> OfBatch:
    """What a model says of a batch, in evaluation mode."""
    network = nnx.merge(graphdef, model, copy=True)
    network.eval()
    return lambda batch: network(preprocess(data, examples(data, batch, parts)[0]))


def blank(function: OfBatch, indices: jax.Array) -> jax.Array:
    """Zeros [batches, b, k] for what a function says of `indices` [batches, b]."""
    shape = jax.eval_shape(function, indices[0])
    return jnp.zeros((indices.shape[0], *shape.shape), shape.dtype)


def fill(
    found: jax.Array, function: OfBatch, indices: jax.Array, first: jax.Array | int, last: jax.Array
) -> jax.Array:
    """`found` [batches, b, k] with what a function says of the batches from `first` to before `last`."""
    return jax.lax.fori_loop(
        first, last, lambda row, filled: filled.at[row].set(function(indices[row])), found
    )


def score(parts: Parts, outputs: jax.Array, targets: jax.Array, count: jax.Array) -> Scalars:
    """Loss and metrics over the first `count` of outputs and targets [n, k]."""
    counted = (jnp.arange(len(outputs)) < count).astype(outputs.dtype)
    targets = targets.astype(outputs.dtype)
    losses = jnp.where(counted > 0, parts.loss(outputs, targets), 0)
    scalars = {name: metric(outputs, targets, counted) for name, metric in parts.task.metrics.items()}
    return {"loss": weighted_mean(losses, counted), **scalars}


def _train_metrics(parts: Parts, outputs: jax.Array, targets: jax.Array) -> Scalars:
    ones = jnp.ones(outputs.shape[0], outputs.dtype)
    measured = parts.task.train_metrics.items()
    return {f"train/{name}": metric(outputs, targets, ones) for name, metric in measured}
