"""What a model is asked for: a class, numbers, or its own inputs."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import jax
import jax.numpy as jnp
from jax.typing import DTypeLike

from runner.objectives import metrics

Metric = Callable[[jax.Array, jax.Array, jax.Array], jax.Array]


class Task(NamedTuple):
    """How stored targets become the loss's targets, and what is measured."""

    outputs: int
    """How many outputs the model has: k."""
    encode: Callable[[jax.Array, jax.Array, DTypeLike], jax.Array]
    """Stored targets [n] or [n, t], inputs (images in [0, 1]), dtype -> targets [n, k] of that dtype."""
    train_metrics: Mapping[str, Metric]
    """Means over examples, so that the mean over equal batches is the mean over their examples."""
    metrics: Mapping[str, Metric]
    scores: Callable[[jax.Array], jax.Array]
    """Outputs [n, k] -> what a user is shown: class probabilities or predicted numbers."""
    objective: str
    """The metric that "best" goes by unless the config says otherwise."""
    classes: int
    """How many of the outputs, the first ones, are logits of classes; 0 where the first are numbers."""


MAXIMISED = frozenset({"accuracy", "r2"})


def classification(classes: int) -> Task:
    """One of `classes` classes; targets are one-hot."""

    def encode(targets: jax.Array, inputs: jax.Array, dtype: DTypeLike) -> jax.Array:
        return jax.nn.one_hot(targets, classes, dtype=dtype)

    measured = {"accuracy": metrics.accuracy}
    return Task(classes, encode, measured, measured, jax.nn.softmax, "accuracy", classes)


def grouping(groups: Sequence[int]) -> Task:
    """The group of an example's class, as `groups` [classes] has it: parity, for one, of digits."""
    of_groups = classification(max(groups) + 1)

    def encode(targets: jax.Array, inputs: jax.Array, dtype: DTypeLike) -> jax.Array:
        return of_groups.encode(jnp.asarray(groups)[targets], inputs, dtype)

    return of_groups._replace(encode=encode)


def regression(outputs: int) -> Task:
    """One or several numbers."""

    def encode(targets: jax.Array, inputs: jax.Array, dtype: DTypeLike) -> jax.Array:
        return targets.astype(dtype)

    measured = {"mse": metrics.mse}
    return Task(outputs, encode, measured, {**measured, "r2": metrics.r2}, lambda found: found, "loss", 0)


def reconstruction(input_shape: Sequence[int]) -> Task:
    """The inputs before augmentation, flattened: what an augmentation did is to be undone (Vincent 2008)."""

    def encode(targets: jax.Array, inputs: jax.Array, dtype: DTypeLike) -> jax.Array:
        return inputs.reshape(len(inputs), -1).astype(dtype)

    measured = {"mse": metrics.mse}
    return Task(math.prod(input_shape), encode, measured, measured, lambda found: found, "loss", 0)


def is_maximised(metric: str) -> bool:
    """Whether more of a metric is better, also where a task's name stands before it."""
    return metric.rpartition("/")[2] in MAXIMISED


def smooth(targets: jax.Array, smoothing: jax.Array | float) -> jax.Array:
    """Label smoothing: (1 - a) y + a / K (Szegedy et al. 2016, arXiv 1512.00567)."""
    return (1 - smoothing) * targets + smoothing / jnp.shape(targets)[-1]
