"""From a config to everything a run needs, before any folder exists."""

import time
from collections.abc import Mapping
from typing import NamedTuple

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
    plan = make_plan(config, spec.train_size // batch_size_of(config.batch_size, spec))
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


def make_plan(config: DictConfig, per_epoch: int) -> Plan:
    """The cadences of a config in steps."""
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


def _compile(
    config: DictConfig, spec: Spec, data: Data, plan: Plan, indices: jax.Array
) -> tuple[Build, Numbers, Programs]:
    numbers = numbers_of(config, plan.total)
    drawn = blueprint(config, spec, numbers)
    try:
        return _Lane(drawn, numbers, {}).compile(data, indices)
    except Exception:  # a number met a branch in Python, or something is wrong whatever is traced
        with blaming("model"):  # every other part is blamed where it is called
            inputs, structure = divide(
                numbers, lambda some, rest: _Lane(drawn, some, rest).trace(data, indices)
            )
            return _Lane(drawn, inputs, structure).compile(data, indices)


class _Lane(NamedTuple):
    blueprint: Blueprint
    inputs: Mapping[str, float | int]
    structure: Mapping[str, float | int]

    def build(self, numbers: Numbers) -> Parts:
        return self.blueprint.build({**self.structure, **numbers})

    def compile(self, data: Data, indices: jax.Array) -> tuple[Build, Numbers, Programs]:
        numbers = as_arrays(self.inputs, data.maximum.dtype)
        return self.build, numbers, compile_programs(self.build, numbers, data, indices)

    def trace(self, data: Data, indices: jax.Array) -> None:
        lane = jax.tree.map(lambda number: number[0], as_arrays(self.inputs, data.maximum.dtype))
        state = jax.eval_shape(program.start(self.build), lane, data)
        scalar = np.int32(0)
        jax.eval_shape(program.advance(self.build), lane, state, scalar, scalar, np.bool_(True), data)
        jax.eval_shape(program.assess(self.build), lane, state, scalar, indices, scalar, data)
