"""What a model is asked for, and how its answers are weighed."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

import jax
from omegaconf import DictConfig

from runner.binding import resolve
from runner.contracts import checked_loss
from runner.errors import ConfigError
from runner.instantiation import is_off, make_function, takes
from runner.objectives.generation import generation, judged, sum_of_terms
from runner.objectives.joint import joint_loss, joint_softening, joint_task
from runner.objectives.tasks import (
    Task,
    classification,
    grouping,
    is_maximised,
    reconstruction,
    regression,
    smooth,
)
from runner.specs import Spec
from runner.training.parts import EMA

Given = Callable[[jax.Array, jax.Array], tuple[jax.Array, ...]]
Respond = Callable[[Any, jax.Array, jax.Array], jax.Array]


class Question(NamedTuple):
    """As `Parts` has them."""

    task: Task
    loss: Callable[[jax.Array, jax.Array], jax.Array]
    soften: Callable[[jax.Array], jax.Array]
    given: Given
    respond: Respond


def take_question(config: dict[str, Any], spec: Spec) -> Question:
    """What the model of a resolved config is asked for; its node has left what makes the network.

    Raises ConfigError where the data set has no such task, or the loss is not for it.
    """
    terms, nodes = config["model"].pop("terms", None), config["model"].pop("tasks", None)
    if terms is not None:
        task = generation_of(terms, spec)
        return Question(task, sum_of_terms(terms), _as_they_are, _both, judged)
    tasks = tasks_of(nodes, spec)
    task = joint_task(tasks)
    if nodes is None:
        return Question(task, *_loss(config["loss"], "loss", task), _inputs_alone, _answer)
    if takes(config["model"], "heads", "model"):
        config["model"]["heads"] = {name: own.outputs for name, own in tasks.items()}
    return Question(task, *_losses(nodes, tasks), _inputs_alone, _answer)


def task_of(config: DictConfig, spec: Spec) -> Task:
    """What the model of a config is asked for; raises as `tasks_of` and `generation_of` do."""
    node = resolve(config)["model"]
    return (
        generation_of(node["terms"], spec)
        if generates(config)
        else joint_task(tasks_of(node.get("tasks"), spec))
    )


def generates(config: DictConfig) -> bool:
    """Whether the model of a config is a generator: it puts out the terms of its own loss."""
    return config.model.get("terms") is not None


def generation_of(terms: Sequence[str], spec: Spec) -> Task:
    """The task of a generator whose loss has these terms.

    Raises ConfigError where the data set has no classes, or no images.
    """
    if spec.classes is None:
        raise ConfigError("generator: it learns examples of classes, and the targets are numbers")
    if len(spec.input_shape) != 3:
        raise ConfigError("generator: it learns images, and this data set has features")
    return generation(len(spec.classes), terms)


def tasks_of(nodes: Mapping[str, Any] | None, spec: Spec) -> dict[str, Task]:
    """The tasks of a model by name, the main one first: those it names, or else the data set's own.

    Raises ConfigError where the data set has no such task, or every weight is 0.
    """
    own = {"class": classification(spec.outputs)} if spec.classes else {"numbers": regression(spec.outputs)}
    if nodes is None:
        return own
    offered = {
        **own,
        **{name: grouping(groups) for name, groups in spec.groupings.items()},
        "reconstruction": reconstruction(spec.input_shape),
    }
    asked = [name for name, node in nodes.items() if not is_off(node["weight"])]
    for name in asked:
        if name not in offered:
            raise ConfigError(
                f"model.tasks.{name}: this data set has {', '.join(offered)}; "
                f"model.tasks.{name}.weight=0 leaves it out"
            )
    if not asked:
        raise ConfigError("model.tasks: every weight is 0; one task needs another")
    return {name: offered[name] for name in asked}


def objective_of(config: Mapping[str, Any], task: Task) -> tuple[str, bool]:
    """The metric on val that "best" goes by, without its split, and whether more is better.

    Raises ConfigError if the task has no such metric.
    """
    objective, prefixes = config["objective"], ("",) if is_off(config["ema"]) else ("", EMA)
    valid = [f"val/{prefix}{name}" for prefix in prefixes for name in ("loss", *task.metrics)]
    asked = objective["metric"] or f"val/{task.objective}"
    if asked not in valid:
        raise ConfigError(f"objective.metric={asked}: this data set has {', '.join(valid)}")
    name = asked.removeprefix("val/")
    mode = objective["mode"]
    return name, is_maximised(name.removeprefix(EMA)) if mode is None else mode == "max"


Loss = tuple[Callable[[jax.Array, jax.Array], jax.Array], Callable[[jax.Array], jax.Array]]
"""A loss, and what softens its targets."""


def _losses(nodes: Mapping[str, Any], tasks: Mapping[str, Task]) -> Loss:
    own = {name: _loss(nodes[name]["loss"], f"model.tasks.{name}.loss", task) for name, task in tasks.items()}
    losses = {name: loss for name, (loss, _) in own.items()}
    softenings = {name: soften for name, (_, soften) in own.items()}
    weights = {name: nodes[name]["weight"] for name in tasks}
    return checked_loss(joint_loss(tasks, losses, weights)), joint_softening(tasks, softenings)


def _loss(node: dict[str, Any], where: str, task: Task) -> Loss:
    smoothing, needs_classes = node.pop("label_smoothing", 0.0), node.pop("needs_classes", False)
    if not task.classes and (needs_classes or not is_off(smoothing)):
        culprit = "label_smoothing" if not needs_classes else node["_target_"].rpartition(".")[2]
        raise ConfigError(
            f"{where}: {culprit} needs classes, and the targets are numbers; try loss=mse or loss=huber"
        )
    soften = (lambda targets: targets) if is_off(smoothing) else partial(smooth, smoothing=smoothing)
    return checked_loss(make_function(node, where)), soften


def _inputs_alone(inputs: jax.Array, targets: jax.Array) -> tuple[jax.Array, ...]:
    return (inputs,)


def _both(inputs: jax.Array, targets: jax.Array) -> tuple[jax.Array, ...]:
    return inputs, targets


def _answer(network: Any, inputs: jax.Array, targets: jax.Array) -> jax.Array:
    return network(inputs)


def _as_they_are(targets: jax.Array) -> jax.Array:
    return targets
