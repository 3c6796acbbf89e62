"""From a config and its numbers to the parts of a run: the one place that instantiates."""

import copy
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, NamedTuple, cast

import jax
import jax.numpy as jnp
import optax
from omegaconf import DictConfig, OmegaConf

from runner.data.dataset import Dataset
from runner.data.splits import split
from runner.errors import ConfigError
from runner.instantiation import blaming, make, make_function, takes
from runner.objectives.tasks import MAXIMISED, Task, classification, regression, smooth
from runner.training.decay import decoupled_weight_decay
from runner.training.parts import Numbers, Parts

SHARED_BY_LANES = frozenset({"dataset", "preprocessing"})
"""Groups whose numbers decide what the data is; the lanes of a program share it."""


class Spec(NamedTuple):
    """What the parts need to know of the data, without the data."""

    input_shape: tuple[int, ...]
    outputs: int
    classes: tuple[str, ...] | None
    maximum: float
    train_size: int


def specify(dataset: Dataset) -> Spec:
    """The spec of a data set."""
    size = len(dataset.train)
    return Spec(dataset.input_shape, dataset.outputs, dataset.classes, dataset.maximum, size)


def build_dataset(config: DictConfig) -> Dataset:
    """Loads and splits the data set of a config.

    Raises ConfigError where the data set cannot be made as asked.
    """
    node = _container(config)["dataset"]
    common = {
        key: node.pop(key) for key in ("split_seed", "subset", "label_noise", "val_fraction", "test_fraction")
    }
    path = node.pop("path")
    if path is not None:
        if not takes(node, "path"):
            raise ConfigError(
                f"dataset.path={path}: this data set reads no files of yours; leave dataset.path out"
            )
        node["path"] = path
    with blaming("dataset"):
        return split(make(node, "dataset"), **common)


def fit_preprocessing(
    config: DictConfig, inputs: Any, maximum: float
) -> tuple[Callable[..., jax.Array], ...]:
    """The preprocessing of a config fitted to training inputs [n, ...], in its order."""
    fitted: list[Callable[..., jax.Array]] = []
    for name, node in _container(config)["preprocessing"].items():
        where = f"preprocessing.{name}"
        function = make_function(node, where)
        with blaming(where):
            fitted.append(function(inputs, maximum))
        inputs, maximum = fitted[-1](jnp.asarray(inputs) / maximum), 1.0
    return tuple(fitted)


def numbers_of(config: DictConfig, total_steps: int) -> dict[str, float | int]:
    """Every number of a config that may be an input of the compiled program, by key.

    These are the floats that are not 0 (0 is off, and what is off costs nothing), the seed and the total
    number of steps.
    """
    raw = OmegaConf.to_container(config, resolve=False)
    assert isinstance(raw, dict)
    traced = {key: value for key, value in raw.items() if key not in SHARED_BY_LANES}
    return {**dict(_floats(traced, "")), "seed": config.seed, "steps": total_steps}


def as_arrays(numbers: Mapping[str, float | int], dtype: Any) -> Numbers:
    """Numbers as one lane of a program's inputs: arrays [1]."""
    return {
        key: jnp.asarray([value], dtype if isinstance(value, float) else jnp.int32)
        for key, value in numbers.items()
    }


def build(config: DictConfig, spec: Spec, numbers: Mapping[str, Any]) -> Parts:
    """Binds the numbers into the config and instantiates every node; works under jax tracing.

    Raises ConfigError where a part cannot be made or two parts do not fit.
    """
    bound = _bind(config, numbers)
    task = classification(spec.outputs) if spec.classes else regression()
    schedule = make(bound["schedule"], "schedule")
    loss, soften = _loss(bound["loss"], spec)
    objective, maximise = _objective(config, task)
    make_model = make_function(bound["model"], "model")
    return Parts(
        key=jax.random.key(bound["seed"]),
        model=partial(_create_model, make_model, spec),
        optimizer=_optimizer(bound["optimizer"], schedule),
        schedule=schedule,
        loss=loss,
        soften=soften,
        penalties=_penalties(bound["regularizer"]["penalties"]),
        augmentations=_each(bound["augmentation"], "augmentation"),
        sampler=make_function(bound["sampler"], "sampler"),
        signals=make_function(bound["diagnostics"], "diagnostics"),
        task=task,
        batch_size=_batch_size(config, spec),
        objective=objective,
        maximise=maximise,
        patience=config.early_stopping.patience,
    )


def _create_model(make: Callable[..., Any], spec: Spec, rngs: Any) -> Any:
    with blaming("model"):
        return make(spec.input_shape, spec.outputs, rngs=rngs)


def _optimizer(node: dict[str, Any], schedule: optax.Schedule) -> optax.GradientTransformation:
    clip, decay = node.pop("gradient_clip"), node.pop("weight_decay")
    node.pop("learning_rate", None)
    make_optimizer = make_function(node, "optimizer")
    with blaming("optimizer"):
        stages = [make_optimizer(learning_rate=schedule)]
    if not _off(clip):
        stages.insert(0, optax.clip_by_global_norm(clip))
    if not _off(decay):
        stages.append(decoupled_weight_decay(schedule, decay))
    return optax.chain(*stages)


def _loss(
    node: dict[str, Any], spec: Spec
) -> tuple[Callable[..., jax.Array], Callable[[jax.Array], jax.Array]]:
    smoothing, needs_classes = node.pop("label_smoothing"), node.pop("needs_classes")
    if spec.classes is None and (needs_classes or not _off(smoothing)):
        culprit = "label_smoothing" if not needs_classes else node["_target_"].rpartition(".")[2]
        raise ConfigError(
            f"loss: {culprit} needs classes, and this data set's targets are numbers; try loss=mse"
        )
    soften = (lambda targets: targets) if _off(smoothing) else partial(smooth, smoothing=smoothing)
    return make_function(node, "loss"), soften


def _penalties(nodes: dict[str, dict[str, Any]]) -> dict[str, Callable[..., jax.Array]]:
    on = {name: node for name, node in nodes.items() if not _off(node.get("strength"))}
    return _each(on, "regularizer.penalties")


def _objective(config: DictConfig, task: Task) -> tuple[str, bool]:
    valid = [f"val/{name}" for name in ("loss", *task.metrics)]
    asked = config.objective.metric or f"val/{task.objective}"
    if asked not in valid:
        raise ConfigError(f"objective.metric={asked}: this data set has {', '.join(valid)}")
    name = asked.removeprefix("val/")
    mode = config.objective.mode
    return name, name in MAXIMISED if mode is None else mode == "max"


def _batch_size(config: DictConfig, spec: Spec) -> int:
    size = spec.train_size if config.batch_size == "full" else config.batch_size
    if size > spec.train_size:
        raise ConfigError(
            f"batch_size={size} is larger than the {spec.train_size} training examples; "
            f"use at most {spec.train_size}, or batch_size=full"
        )
    return size


def _off(strength: Any) -> bool:
    return strength is None or (isinstance(strength, int | float) and strength == 0)


def _each(nodes: dict[str, dict[str, Any]], where: str) -> dict[str, Callable[..., Any]]:
    return {name: make_function(node, f"{where}.{name}") for name, node in nodes.items()}


def _bind(config: DictConfig, numbers: Mapping[str, Any]) -> dict[str, Any]:
    bound = copy.deepcopy(config)
    OmegaConf.set_struct(bound, False)
    bound._set_flag("allow_objects", True)
    for key, number in numbers.items():
        OmegaConf.update(bound, key, number)
    return _container(bound)


def _container(config: DictConfig) -> dict[str, Any]:
    resolved = OmegaConf.to_container(config, resolve=True)
    return cast(dict[str, Any], resolved)


def _floats(node: Any, prefix: str) -> Iterator[tuple[str, float]]:
    if isinstance(node, float) and node != 0:
        yield prefix, node
    elif isinstance(node, dict | list):
        items = node.items() if isinstance(node, dict) else enumerate(node)
        for key, value in items:
            yield from _floats(value, f"{prefix}.{key}" if prefix else str(key))
