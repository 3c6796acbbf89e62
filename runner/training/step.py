"""One step of training and one evaluation: pure functions of one lane."""

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
    network = nnx.merge(graphdef, model, copy=True)
    network.eval()
    size = indices.shape[1]

    def batch(row: jax.Array) -> jax.Array:
        inputs, _ = examples(data, indices[row], parts)
        return network(preprocess(data, inputs))

    shape = jax.eval_shape(batch, 0)
    outputs = jnp.zeros((indices.shape[0], *shape.shape), shape.dtype)
    rows = (count + size - 1) // size
    outputs = jax.lax.fori_loop(0, rows, lambda row, found: found.at[row].set(batch(row)), outputs)
    outputs = outputs.reshape(-1, shape.shape[-1])
    counted = (jnp.arange(indices.size) < count).astype(shape.dtype)
    _, targets = examples(data, indices.ravel(), parts)
    targets = targets.astype(shape.dtype)
    losses = jnp.where(counted > 0, parts.loss(outputs, targets), 0)
    scalars = {name: metric(outputs, targets, counted) for name, metric in parts.task.metrics.items()}
    return {"loss": weighted_mean(losses, counted), **scalars}, outputs


def _train_metrics(parts: Parts, outputs: jax.Array, targets: jax.Array) -> Scalars:
    ones = jnp.ones(outputs.shape[0], outputs.dtype)
    measured = parts.task.train_metrics.items()
    return {f"train/{name}": metric(outputs, targets, ones) for name, metric in measured}
