"""From a config to everything a run needs, before any folder exists."""

import time
from collections.abc import Callable, Mapping
from typing import NamedTuple, TypeVar

import jax
import numpy as np
from omegaconf import DictConfig

from runner import durations
from runner.data.dataset import Dataset
from runner.experiment import (
    Blueprint,
    Spec,
    as_arrays,
    batch_size_of,
    blueprint,
    build_dataset,
    fit_preprocessing,
    numbers_of,
    objective_of,
    specify,
    task_of,
)
from runner.instantiation import blaming
from runner.tracing import divide
from runner.training import program
from runner.training.batches import Data, place
from runner.training.compilation import Programs, compile_programs
from runner.training.loop import Indices
from runner.training.parts import Build, Numbers, Parts
from runner.training.plan import Plan

T = TypeVar("T")
EVALUATION_BATCH = 512


class Prepared(NamedTuple):
    """A run, built and compiled."""

    config: DictConfig
    dataset: Dataset
    spec: Spec
    data: Data
    plan: Plan
    build: Build
    numbers: Numbers
    programs: Programs
    objective: str
    compile_seconds: float


def prepare(config: DictConfig) -> Prepared:
    """Loads the data, builds the parts and compiles the programs.

    Raises ConfigError where the config and the data do not fit.
    """
    dataset = build_dataset(config)
    spec = specify(dataset)
    objective, _ = objective_of(config.objective, task_of(spec))
    plan = make_plan(config, spec)
    data = place_dataset(config, dataset)
    began = time.monotonic()
    build, numbers, programs = _compile(config, spec, data, plan, pad(dataset.val, dataset).padded)
    seconds = time.monotonic() - began
    return Prepared(config, dataset, spec, data, plan, build, numbers, programs, objective, seconds)


def place_dataset(config: DictConfig, dataset: Dataset) -> Data:
    """A data set on the device, with the preprocessing fitted to its training split."""
    preprocessing = fit_preprocessing(config, dataset.inputs[dataset.train], dataset.maximum)
    return place(dataset.inputs, dataset.targets, dataset.train, dataset.maximum, preprocessing, real(config))


def real(config: DictConfig) -> str:
    """The dtype of parameters and losses: float32 at least."""
    return "float64" if config.precision == "float64" else "float32"


def make_plan(config: DictConfig, spec: Spec) -> Plan:
    """The cadences of a config in steps."""
    per_epoch = spec.train_size // batch_size_of(config.batch_size, spec)
    total = config.steps if config.steps is not None else config.epochs * per_epoch
    evaluate = durations.parse(config.eval_every).steps(per_epoch, total)
    log = evaluate if config.log_every is None else durations.parse(config.log_every).steps(per_epoch, total)
    return Plan(total, per_epoch, evaluate, log)


def pad(split: np.ndarray, dataset: Dataset) -> Indices:
    """The indices of a split, padded so that val and test share a program."""
    longest = max(len(dataset.val), len(dataset.test))
    size = min(EVALUATION_BATCH, longest)
    padded = np.zeros(-(-longest // size) * size, np.int32)
    padded[: len(split)] = split
    return Indices(jax.device_put(padded.reshape(-1, size)), np.int32(len(split)))


class Lane(NamedTuple):
    """A config whose numbers are divided into inputs of a program and its structure."""

    blueprint: Blueprint
    inputs: Mapping[str, float | int]
    structure: Mapping[str, float | int]

    def build(self, numbers: Numbers) -> Parts:
        """The parts, with these numbers for the inputs."""
        return self.blueprint.build({**self.structure, **numbers})

    def scalars(self, dtype: str) -> Numbers:
        """The inputs as `build` takes them."""
        return {key: array[0] for key, array in as_arrays(self.inputs, dtype).items()}


def with_inputs(
    config: DictConfig,
    spec: Spec,
    total: int,
    compiled: Callable[[Lane], T],
    traced: Callable[[Lane], object],
) -> T:
    """What `compiled` returns where every number is an input; where it fails, those that `traced` can take.

    Raises ConfigError where it is no number's fault.
    """
    numbers = numbers_of(config, total)
    drawn = blueprint(config, spec, numbers)
    try:
        return compiled(Lane(drawn, numbers, {}))
    except Exception:  # a number met a branch in Python, or something is wrong whatever is traced
        with blaming("model"):  # every other part is blamed where it is called
            return compiled(Lane(drawn, *divide(numbers, lambda some, rest: traced(Lane(drawn, some, rest)))))


def _compile(
    config: DictConfig, spec: Spec, data: Data, plan: Plan, indices: jax.Array
) -> tuple[Build, Numbers, Programs]:
    dtype = real(config)

    def compiled(lane: Lane) -> tuple[Build, Numbers, Programs]:
        numbers = as_arrays(lane.inputs, dtype)
        return lane.build, numbers, compile_programs(lane.build, numbers, data, indices)

    def traced(lane: Lane) -> None:
        numbers, step = lane.scalars(dtype), np.int32(0)
        state = jax.eval_shape(program.start(lane.build), numbers, data)
        jax.eval_shape(program.advance(lane.build), numbers, state, step, step, np.bool_(True), data)
        jax.eval_shape(program.assess(lane.build), numbers, state, step, indices, step, data)

    return with_inputs(config, spec, plan.total, compiled, traced)
