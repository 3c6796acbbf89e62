"""Several tasks as one: outputs and targets are those of the tasks, side by side."""

from collections.abc import Callable, Mapping
from itertools import accumulate

import jax
import jax.numpy as jnp
from jax.typing import DTypeLike

from runner.objectives.tasks import Metric, Task

Loss = Callable[[jax.Array, jax.Array], jax.Array]


def joint_task(tasks: Mapping[str, Task]) -> Task:
    """Several tasks as one.

    The first is the main one: scores and objective are its own, and so are the metrics without a task's name.
    """
    if len(tasks) == 1:
        return next(iter(tasks.values()))
    main, parts = next(iter(tasks)), columns(tasks)
    first = tasks[main]

    def encode(targets: jax.Array, inputs: jax.Array, dtype: DTypeLike) -> jax.Array:
        return jnp.concatenate([task.encode(targets, inputs, dtype) for task in tasks.values()], axis=-1)

    def measured(own: Callable[[Task], Mapping[str, Metric]]) -> dict[str, Metric]:
        return {
            metric if name == main else f"{name}/{metric}": _of_columns(function, parts[name])
            for name, task in tasks.items()
            for metric, function in own(task).items()
        }

    return Task(
        sum(task.outputs for task in tasks.values()),
        encode,
        measured(lambda task: task.train_metrics),
        measured(lambda task: task.metrics),
        lambda outputs: first.scores(outputs[..., : first.outputs]),
        first.objective,
        first.classes,
    )


def joint_loss(
    tasks: Mapping[str, Task], losses: Mapping[str, Loss], weights: Mapping[str, jax.Array | float]
) -> Loss:
    """The weighted sum of each task's loss on its own outputs and targets."""
    parts = columns(tasks)

    def loss(outputs: jax.Array, targets: jax.Array) -> jax.Array:
        own = [
            weights[name] * losses[name](outputs[:, part], targets[:, part]) for name, part in parts.items()
        ]
        return jnp.sum(jnp.stack(own), axis=0)

    return loss


def joint_softening(
    tasks: Mapping[str, Task], softenings: Mapping[str, Callable[[jax.Array], jax.Array]]
) -> Callable[[jax.Array], jax.Array]:
    """Each task's softening of its own targets."""
    parts = columns(tasks)

    def soften(targets: jax.Array) -> jax.Array:
        return jnp.concatenate([softenings[name](targets[:, part]) for name, part in parts.items()], axis=-1)

    return soften


def columns(tasks: Mapping[str, Task]) -> dict[str, slice]:
    """Which of the outputs are those of each task."""
    ends = accumulate(task.outputs for task in tasks.values())
    return {
        name: slice(end - task.outputs, end) for (name, task), end in zip(tasks.items(), ends, strict=True)
    }


def _of_columns(metric: Metric, part: slice) -> Metric:
    return lambda outputs, targets, weights: metric(outputs[:, part], targets[:, part], weights)
