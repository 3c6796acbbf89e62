"""One step of training and one evaluation: pure functions of one lane."""

from collections.abc import Callable
from typing import Any, NamedTuple, cast

import jax
import jax.numpy as jnp
import optax
from flax import nnx

from runner.objectives.metrics import weighted_mean
from runner.objectives.penalties import weights
from runner.training.accumulation import accumulate
from runner.training.batches import Data, examples, preprocess, training_batch
from runner.training.parts import Parts

OTHERS = nnx.Not(nnx.Any(nnx.Param, nnx.Intermediate))
"""The variables of a model that it changes itself; what it sows is none of them."""
GRADIENT_NORM = "gradient_norm/global"
"""Of the gradient of the loss with its penalties, before clipping."""
LARGEST_NORM = "gradient_norm/largest"
"""The same; of several steps not the mean but the largest that is finite: one burst may end a run."""
Scalars = dict[str, jax.Array]
Batch = tuple[jax.Array, jax.Array, jax.Array | None]
Forward = Callable[..., tuple[jax.Array, Any]]
"""A network and what it is called with -> its outputs, and what else was seen."""


class Passed(NamedTuple):
    """What a batch's way through the network came to."""

    outputs: jax.Array
    losses: jax.Array
    """[b], all examples weighed alike."""
    loss: jax.Array
    """Their mean, each example weighed as its class is."""
    penalty: jax.Array | None
    """What the penalties add to it; None where there are none."""
    seen: Any
    """What else the forward pass showed."""


def call(network: Any, *given: jax.Array) -> tuple[jax.Array, None]:
    """The outputs of a network, and nothing else."""
    return network(*given), None


def weighed(losses: jax.Array, counted: jax.Array | None) -> jax.Array:
    """The mean of losses [b], each counted as its class is [b]; None counts all alike."""
    return jnp.mean(losses if counted is None else counted * losses)


def objective(parts: Parts, graphdef: nnx.GraphDef, forward: Forward) -> Callable[..., Any]:
    """What is minimised, as a function of parameters, other variables and a batch.

    With it come the other variables after the batch, and `Passed`.
    """

    def run(
        parameters: nnx.State, others: nnx.State, batch: Batch
    ) -> tuple[jax.Array, tuple[nnx.State, Passed]]:
        inputs, targets, counted = batch
        network = nnx.merge(graphdef, parameters, others, copy=True)
        network.train()
        outputs, seen = forward(network, *parts.given(inputs, targets))
        losses = parts.loss(outputs, targets)
        loss = weighed(losses, counted)
        penalties = [penalty(weights(parameters)) for penalty in parts.penalties.values()]
        penalty = jnp.sum(jnp.stack(penalties)) if penalties else None
        passed = Passed(outputs, losses, loss, penalty, seen)
        return loss + (0 if penalty is None else penalty), (nnx.state(network, OTHERS), passed)

    return run


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
    differentiated = jax.value_and_grad(objective(parts, graphdef, call), has_aux=True)

    def gradient(others: nnx.State, batch: Batch) -> tuple[nnx.State, tuple[Any, Scalars]]:
        (_, (others, passed)), gradients = differentiated(parameters, others, batch)
        return others, (gradients, _scalars(parts, passed, batch[1]))

    batch = training_batch(parts, data, indices, index)
    others, (gradients, scalars) = accumulate(gradient, parts.accumulate, others, batch)
    norm = optax.tree.norm(gradients)
    scalars = {**scalars, GRADIENT_NORM: norm, LARGEST_NORM: norm}
    updates, optimizer = parts.optimizer.update(gradients, optimizer, parameters)
    moved = optax.apply_updates(parameters, updates)
    return nnx.merge_state(cast(nnx.State, moved), others), optimizer, scalars


def step_tags(parts: Parts) -> list[str]:
    """The tags of the scalars that `step` returns, without tracing it."""
    metrics = [f"train/{name}" for name in parts.task.train_metrics]
    penalty = ["train/penalty"] if parts.penalties else []
    return ["train/loss", *metrics, *penalty, GRADIENT_NORM, LARGEST_NORM]


def add_up(totals: Scalars, scalars: Scalars) -> Scalars:
    """The totals over some steps with one step more."""
    largest, norm = totals[LARGEST_NORM], scalars[LARGEST_NORM]
    burst = jnp.where(jnp.isfinite(norm), jnp.maximum(largest, norm), largest)
    return {tag: totals[tag] + value for tag, value in scalars.items()} | {LARGEST_NORM: burst}


def mean(tag: str, total: float, steps: int) -> float:
    """What is recorded of a total over so many steps."""
    return total if tag == LARGEST_NORM else total / steps


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

    def respond(batch: jax.Array) -> jax.Array:
        inputs, targets = examples(data, batch, parts)
        return parts.respond(network, preprocess(data, inputs), targets)

    return respond


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


def _scalars(parts: Parts, passed: Passed, targets: jax.Array) -> Scalars:
    ones = jnp.ones(passed.outputs.shape[0], passed.outputs.dtype)
    measured = parts.task.train_metrics.items()
    metrics = {f"train/{name}": metric(passed.outputs, targets, ones) for name, metric in measured}
    penalty = {} if passed.penalty is None else {"train/penalty": passed.penalty}
    return {"train/loss": passed.loss, **metrics, **penalty}
