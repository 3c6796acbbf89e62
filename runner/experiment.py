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
from runner.contracts import checked_augmentation, checked_sampler, checked_source
from runner.data.dataset import Dataset
from runner.data.holding import hold
from runner.data.splits import split
from runner.errors import ConfigError
from runner.instantiation import blaming, is_off, make, make_function, make_functions, takes
from runner.memory import room_for_data
from runner.objectives.tasks import Task
from runner.optimization import make_optimizer, make_regularizers, make_schedule
from runner.questions import objective_of, take_question
from runner.specs import Spec
from runner.training.parts import Number, Parts

SHARED_BY_LANES = frozenset({"dataset", "preprocessing"})
"""Groups whose numbers decide what the data is; the lanes of a program share it."""

MOST_CLASSES = 100
"""Whose losses are recorded one by one."""


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
        question = take_question(config, spec)
        task = question.task
        schedule, plateau = make_schedule(config["schedule"], rate_scale)
        name, maximise = objective_of(config, task)
        batch_size = batch_size_of(config["batch_size"], spec)
        make_model = make_function(take_branches(config["model"]), "model")
        regularizers = make_regularizers(config["regularizer"], config["optimizer"])
        optimizer, evaluated = make_optimizer(config["optimizer"], schedule, regularizers)
        return Parts(
            key=jax.random.key(config["seed"]),
            model=partial(_create_model, make_model, spec.input_shape, task.outputs),
            given=question.given,
            respond=question.respond,
            optimizer=optimizer,
            evaluated=evaluated,
            schedule=schedule,
            plateau=plateau,
            loss=question.loss,
            soften=question.soften,
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
