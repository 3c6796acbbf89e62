"""What kind of answer a data set asks for: a class or numbers."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

import jax
import jax.numpy as jnp
from jax.typing import DTypeLike

from runner.objectives import metrics

Metric = Callable[[jax.Array, jax.Array, jax.Array], jax.Array]


class Task(NamedTuple):
    """How stored targets become the loss's targets, and what is measured."""

    encode: Callable[[jax.Array, DTypeLike], jax.Array]
    """Stored targets [n] or [n, k], dtype -> targets [n, k] of that dtype."""
    train_metrics: Mapping[str, Metric]
    """Means over examples, so that the mean over equal batches is the mean over their examples."""
    metrics: Mapping[str, Metric]
    scores: Callable[[jax.Array], jax.Array]
    """Outputs [n, k] -> what a user is shown: class probabilities or predicted numbers."""
    objective: str
    """The metric that "best" goes by unless the config says otherwise."""


MAXIMISED = frozenset({"accuracy", "r2"})


def classification(classes: int) -> Task:
    """One of `classes` classes; targets are one-hot."""

    def encode(targets: jax.Array, dtype: DTypeLike) -> jax.Array:
        return jax.nn.one_hot(targets, classes, dtype=dtype)

    measured = {"accuracy": metrics.accuracy}
    return Task(encode, measured, measured, jax.nn.softmax, "accuracy")


def regression() -> Task:
    """One or several numbers."""

    def encode(targets: jax.Array, dtype: DTypeLike) -> jax.Array:
        return targets.astype(dtype)

    measured = {"mse": metrics.mse}
    return Task(encode, measured, {**measured, "r2": metrics.r2}, lambda outputs: outputs, "loss")


def smooth(targets: jax.Array, smoothing: jax.Array | float) -> jax.Array:
    """Label smoothing: (1 - a) y + a / K (Szegedy et al. 2016, arXiv 1512.00567)."""
    return (1 - smoothing) * targets + smoothing / jnp.shape(targets)[-1]
