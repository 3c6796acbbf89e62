"""From a config and its numbers to the parts of a run: the one place that instantiates."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from flax import nnx
from jax.typing import DTypeLike
from omegaconf import DictConfig, OmegaConf

from runner.binding import put_in, resolve, take_out
from runner.branches import take_branches
from runner.configuration import BOOKKEEPING
from runner.contracts import checked_augmentation, checked_loss, checked_sampler, checked_source
from runner.data.dataset import Column, Dataset
from runner.data.holding import hold
from runner.data.splits import split
from runner.errors import ConfigError
from runner.instantiation import blaming, is_off, make, make_function, make_functions, takes
from runner.memory import room_for_data
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
from runner.optimization import make_optimizer, make_regularizers, make_schedule
from runner.training.parts import EMA, Number, Parts

SHARED_BY_LANES = frozenset({"dataset", "preprocessing"})
"""Groups whose numbers decide what the data is; the lanes of a program share it."""

MOST_CLASSES = 100
"""Whose losses are recorded one by one."""


class Spec(NamedTuple):
    """What the parts need to know of the data, without the data."""

    input_shape: tuple[int, ...]
    outputs: int
    classes: tuple[str, ...] | None
    maximum: float
    train_size: int
    class_counts: tuple[int, ...] | None = None
    """Of the training split; None where there are no classes."""
    groupings: Mapping[str, Sequence[int]] = {}
    columns: tuple[Column, ...] = ()
    """Of a table; nothing else has any."""


def specify(dataset: Dataset) -> Spec:
    """The spec of a data set."""
    counts = None
    if dataset.classes is not None:
        found = np.bincount(dataset.targets[dataset.train], minlength=dataset.outputs)
        counts = tuple(found.tolist())
    size = len(dataset.train)
    return Spec(
        dataset.input_shape,
        dataset.outputs,
        dataset.classes,
        dataset.maximum,
        size,
        counts,
        dataset.groupings,
        dataset.columns,
    )


def build_dataset(config: DictConfig) -> Dataset:
    """Loads and splits the data set of a config.

    Raises ConfigError where the data set cannot be made as asked.
    """
    node = resolve(config)["dataset"]
    common = {
        key: node.pop(key) for key in ("split_seed", "subset", "label_noise", "val_fraction", "test_fraction")
    }
    node.pop("default_loss", None)
    memory = node.pop("memory", None)
    path = node.pop("path")
    if path is not None:
        if not takes(node, "path", "dataset"):
            raise ConfigError(
                f"dataset.path={path}: this data set reads no files of yours; leave dataset.path out"
            )
        node["path"] = path
    with blaming("dataset"):
        dataset = split(checked_source(make(node, "dataset")), **common)
        return hold(dataset, memory, room_for_data(jax.devices()[0]), common["split_seed"])


def fit_preprocessing(
    config: DictConfig, inputs: Any, maximum: float
) -> tuple[Callable[..., jax.Array], ...]:
    """The preprocessing of a config fitted to training inputs [n, ...], in its order."""
    fitted: list[Callable[..., jax.Array]] = []
    for name, node in resolve(config)["preprocessing"].items():
        if fitted:
            inputs, maximum = np.asarray(fitted[-1](jnp.asarray(inputs / maximum, jnp.float32))), 1.0
        where = f"preprocessing.{name}"
        function = make_function(node, where)
        with blaming(where):
            fitted.append(function(inputs, maximum))
            jax.eval_shape(fitted[-1], jax.ShapeDtypeStruct(inputs.shape, jnp.float32))
    return tuple(fitted)


def numbers_of(config: DictConfig, total_steps: int) -> dict[str, float | int]:
    """Every number of a config that may be an input of the compiled program, by key.

    These are the floats that are not 0 (0 is off, and what is off costs nothing), the seed and the total
    number of steps.
    """
    raw: Any = OmegaConf.to_container(config, resolve=False)
    return numbers_in(raw, total_steps)


def numbers_in(raw: Mapping[str, Any], total_steps: int) -> dict[str, float | int]:
    """`numbers_of` a config as plain dicts and lists, its interpolations unresolved."""
    traced = {key: value for key, value in raw.items() if key not in SHARED_BY_LANES | BOOKKEEPING}
    return {**dict(_floats(traced, "")), "seed": raw["seed"], "steps": total_steps}


def as_arrays(lanes: Sequence[Mapping[str, float | int]], dtype: DTypeLike) -> dict[str, np.ndarray]:
    """The numbers of each lane as a program's inputs: arrays [lanes]."""
    dtypes = {float: dtype, int: np.int32}
    return {
        key: np.asarray([numbers[key] for numbers in lanes], dtypes[type(value)])
        for key, value in lanes[0].items()
    }


class Blueprint(NamedTuple):
    """A config resolved, with slots for its numbers, and what its parts need to know of the data."""

    config: dict[str, Any]
    spec: Spec

    def build(self, numbers: Mapping[str, Any], rate_scale: Number = 1.0, /) -> Parts:
        """Puts the numbers in and instantiates every node; works under jax tracing.

        `rate_scale` is what a plateau has left of the learning rate.

        Raises ConfigError where a part cannot be made or two parts do not fit.
        """
        config, spec = put_in(self.config, numbers), self.spec
        terms, nodes = config["model"].pop("terms", None), config["model"].pop("tasks", None)
        tasks = tasks_of(nodes, spec)
        task = joint_task(tasks) if terms is None else generation_of(terms, spec)
        schedule, plateau = make_schedule(config["schedule"], rate_scale)
        if terms is not None:
            loss, soften = sum_of_terms(terms), _as_they_are
        else:
            loss, soften = _loss(config["loss"], "loss", task) if nodes is None else _losses(nodes, tasks)
        name, maximise = objective_of(config, task)
        batch_size = batch_size_of(config["batch_size"], spec)
        if nodes is not None and takes(config["model"], "heads", "model"):
            config["model"]["heads"] = {name: own.outputs for name, own in tasks.items()}
        make_model = make_function(take_branches(config["model"]), "model")
        regularizers = make_regularizers(config["regularizer"], config["optimizer"])
        optimizer, evaluated = make_optimizer(config["optimizer"], schedule, regularizers)
        return Parts(
            key=jax.random.key(config["seed"]),
            model=partial(_create_model, make_model, spec.input_shape, task.outputs),
            given=_inputs_alone if terms is None else _both,
            respond=_answer if terms is None else judged,
            optimizer=optimizer,
            evaluated=evaluated,
            schedule=schedule,
            plateau=plateau,
            loss=loss,
            soften=soften,
            class_weights=class_weights_of(config["class_weights"], spec, task),
            penalties=regularizers.penalties,
            measures=regularizers.measures,
            augmentations=_augmentations(config["augmentation"]),
            sampler=checked_sampler(make_function(config["sampler"], "sampler")),
            signals=_signals(config["diagnostics"]),
            task=task,
            classes=_told_apart(spec, task),
            batch_size=batch_size,
            accumulate=_dividing(config["accumulate"], batch_size),
            ema=None if is_off(config["ema"]) else config["ema"],
            objective=name,
            maximise=maximise,
            patience=config["early_stopping"]["patience"],
        )


def blueprint(config: DictConfig, spec: Spec, numbers: Iterable[str]) -> Blueprint:
    """The blueprint of a config, with a slot for each of these numbers."""
    return Blueprint(take_out(config, numbers), spec)


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


def batch_size_of(asked: int | str, spec: Spec) -> int:
    """The number of examples in a batch.

    Raises ConfigError if there are fewer to train on.
    """
    size = spec.train_size if isinstance(asked, str) else asked
    if size > spec.train_size:
        raise ConfigError(
            f"batch_size={size} is larger than the {spec.train_size} training examples; "
            f"use at most {spec.train_size}, or batch_size=full"
        )
    return size


def class_weights_of(asked: str | Sequence[Number] | None, spec: Spec, task: Task) -> jax.Array | None:
    """The weight of each class [classes], for `balanced` n / (classes * examples of it); None for None.

    King and Zeng 2001; as scikit-learn's. A class without examples weighs nothing, as it is never seen.

    Raises ConfigError if classes are not all that the model is asked for, or have not one weight each.
    """
    if asked is None:
        return None
    if spec.class_counts is None or task.classes != task.outputs:
        raise ConfigError("class_weights: they need a task of classes alone; leave class_weights null")
    if isinstance(asked, str):
        counts = np.asarray(spec.class_counts)
        return jnp.asarray(np.where(counts > 0, spec.train_size / (len(counts) * np.maximum(counts, 1)), 0.0))
    if len(asked) != spec.outputs:
        raise ConfigError(
            f"class_weights: {len(asked)} weights for {spec.outputs} classes; give one for each"
        )
    return jnp.stack([jnp.asarray(weight) for weight in asked])


def _dividing(accumulate: int, batch_size: int) -> int:
    if batch_size % accumulate:
        raise ConfigError(f"accumulate={accumulate}: expected a divisor of the batch size, {batch_size}")
    return accumulate


def _signals(node: dict[str, Any]) -> Callable[..., Any]:
    for key in ("every", "histograms", "units"):
        node.pop(key, None)
    return make_function(node, "diagnostics")


def _told_apart(spec: Spec, task: Task) -> tuple[str, ...]:
    """The names of the classes of the first outputs, where they are those of the data and not too many."""
    classes = spec.classes or ()
    return classes if len(classes) == task.classes and len(classes) <= MOST_CLASSES else ()


def _create_model(
    make: Callable[..., Any], input_shape: tuple[int, ...], outputs: int, rngs: nnx.Rngs
) -> nnx.Module:
    model = make(input_shape, outputs, rngs=rngs)
    if not isinstance(model, nnx.Module):
        raise ConfigError(f"model: its _target_ returns {type(model).__name__}, not a flax.nnx.Module")
    return model


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


def reads_pool(node: Mapping[str, Any], where: str) -> bool:
    """Whether an augmentation is given the examples of the file at its `path`, which it does not read itself.

    Raises ConfigError where there is no such augmentation.
    """
    return "path" in node and not takes(dict(node), "path", where)


def _augmentations(nodes: dict[str, dict[str, Any]]) -> dict[str, Callable[..., Any]]:
    for name, node in nodes.items():
        if reads_pool(node, f"augmentation.{name}"):
            del node["path"]
    functions = make_functions(nodes, "augmentation")
    return {
        name: checked_augmentation(function, f"augmentation.{name}") for name, function in functions.items()
    }


def _floats(node: Any, prefix: str) -> Iterator[tuple[str, float]]:
    if isinstance(node, float) and node != 0:
        yield prefix, node
    elif isinstance(node, dict | list):
        items = node.items() if isinstance(node, dict) else enumerate(node)
        for key, value in items:
            yield from _floats(value, f"{prefix}.{key}" if prefix else str(key))
