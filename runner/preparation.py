"""From a config to everything a run needs, before any folder exists."""

import math
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple, Protocol, TypeVar

import numpy as np
from omegaconf import DictConfig

from runner import durations
from runner.data.dataset import Dataset
from runner.data.reading import taken
from runner.data.streamed import Streamed
from runner.errors import ConfigError
from runner.experiment import (
    as_arrays,
    batch_size_of,
    blueprint,
    build_dataset,
    fit_preprocessing,
    numbers_of,
)
from runner.instantiation import blaming
from runner.objectives.tasks import Task
from runner.pools import read_pools
from runner.questions import generates, objective_of, task_of
from runner.specs import Spec, specify
from runner.supplies import pad, place_with, supply_of
from runner.tracing import divide
from runner.training.batches import Data, Indices
from runner.training.compilation import Programs, compile_programs, in_sight
from runner.training.flops import flops
from runner.training.lane_programs import LanePrograms, lane_programs
from runner.training.lanes import Layout, alone, share, spread
from runner.training.parts import Build, Number, Numbers, Parts
from runner.training.plan import Plan
from runner.training.state import State
from runner.training.supply import Supply

T = TypeVar("T")


class Design(Protocol):
    """What parts are built from: the blueprint of a config, or one of models that are trained already."""

    def build(self, numbers: Mapping[str, Any], rate_scale: Number = 1.0, /) -> Parts:
        """The parts, with these numbers for all of its own."""
        ...


class Lane(NamedTuple):
    """A design whose numbers are divided into inputs of a program and its structure."""

    blueprint: Design
    inputs: Mapping[str, float | int]
    structure: Mapping[str, float | int]

    def build(self, numbers: Numbers, rate_scale: Number = 1.0, /) -> Parts:
        """The parts, with these numbers for the inputs."""
        return self.blueprint.build({**self.structure, **numbers}, rate_scale)

    def scalars(self, dtype: str) -> Numbers:
        """The inputs as `build` takes them."""
        return {key: array[0] for key, array in as_arrays([self.inputs], dtype).items()}


class Material(NamedTuple):
    """What the lanes of a program share."""

    config: DictConfig
    """Of any of them: they differ in numbers alone."""
    dataset: Dataset
    spec: Spec
    data: Data
    plan: Plan
    objective: str
    """The metric on val that "best" goes by, without its split."""
    maximise: bool
    task: Task


class Prepared(NamedTuple):
    """The lanes of a program, built and compiled."""

    material: Material
    build: Build
    numbers: Numbers
    """[lanes]."""
    programs: Programs
    data: Data
    """Of the material, where the lanes are."""
    supply: Supply
    """The same for the programs that train and evaluate."""
    val: Indices
    test: Indices
    compile_seconds: float


def prepare(config: DictConfig) -> Prepared:
    """Loads the data, builds the parts and compiles the programs of a single run.

    Raises ConfigError where the config and the data do not fit.
    """
    return prepare_material(gather(config))


def prepare_material(material: Material) -> Prepared:
    """Builds the parts and compiles the programs of a single run whose data is there; raises as `prepare`."""

    def compiled(lane: Lane) -> Prepared:
        return compile_lanes(material, lane, [lane.inputs], alone())

    total, traced = material.plan.total, partial(trace, material)
    return with_inputs(material.config, material.spec, total, compiled, traced)


def gather(config: DictConfig) -> Material:
    """Loads the data of a config and puts it onto the device.

    Raises ConfigError where the config and the data do not fit.
    """
    dataset = build_dataset(config)
    return gather_with(config, dataset, place_dataset(config, dataset))


def gather_with(config: DictConfig, dataset: Dataset, data: Data) -> Material:
    """The material of a config whose data is there already; raises as `gather` does."""
    spec = specify(dataset)
    task = task_of(config, spec)
    if generates(config):
        _refuse_for_generator(config, dataset)
    objective, maximise = objective_of(config, task)
    plan = make_plan(config, spec)
    if isinstance(dataset.inputs, Streamed):
        # Histograms are counted between windows, when no batch is there to count the gradients of.
        plan = plan._replace(count_every=None)
    pooled = data._replace(pools=read_pools(config, spec, task))
    return Material(config, dataset, spec, pooled, plan, objective, maximise, task)


def _refuse_for_generator(config: DictConfig, dataset: Dataset) -> None:
    if config.preprocessing:
        chosen = ",".join(map(str, config.preprocessing))
        raise ConfigError(
            f"preprocessing={chosen}: a generator learns images as they are; use preprocessing=none"
        )
    if isinstance(dataset.inputs, Streamed):
        size = math.ceil(dataset.inputs.nbytes / 1e9)
        raise ConfigError(
            f"dataset: streamed, and a generator is measured on it; dataset.memory={size} holds it"
        )


def compile_lanes(
    material: Material,
    lane: Lane,
    inputs: Sequence[Mapping[str, float | int]],
    layout: Layout,
    own: LanePrograms | None = None,
) -> Prepared:
    """Compiles the programs of lanes with these inputs; the last one fills what the layout has more.

    `own` are those of one lane, where they have been traced.
    """
    began = time.monotonic()
    padded = [*inputs, *[inputs[-1]] * (layout.lanes - len(inputs))]
    numbers = spread(as_arrays(padded, real(material.config)), layout)
    data = share(material.data, layout)
    dataset = material.dataset
    val, test = (
        Indices(share(pad(split, dataset), layout), np.int32(len(split)))
        for split in (dataset.val, dataset.test)
    )
    batch_size = batch_size_of(material.config.batch_size, material.spec)
    supply = supply_of(dataset, data, lane.build, batch_size, layout)
    programs = compile_programs(
        own or lane_programs(lane.build), numbers, data, supply, val.padded, layout, material.plan
    )
    seconds = time.monotonic() - began
    return Prepared(material, lane.build, numbers, programs, data, supply, val, test, seconds)


def place_dataset(config: DictConfig, dataset: Dataset) -> Data:
    """A data set on the device, with the preprocessing fitted to its training split.

    Of streamed data it has the training examples that `preview` shows.
    """
    fitted = dataset.train if dataset.fitted is None else dataset.fitted
    with blaming("dataset"):
        inputs = taken(dataset.inputs, fitted if config.preprocessing else fitted[:0])
    return place_with(dataset, fit_preprocessing(config, inputs, dataset.maximum), real(config))


def real(config: DictConfig) -> str:
    """The dtype of parameters and losses: float32 at least."""
    return "float64" if config.precision == "float64" else "float32"


def make_plan(config: DictConfig, spec: Spec) -> Plan:
    """The cadences of a config in steps."""
    per_epoch = spec.train_size // batch_size_of(config.batch_size, spec)
    total = config.steps if config.steps is not None else config.epochs * per_epoch
    evaluate = durations.parse(config.eval_every).steps(per_epoch, total)
    log = evaluate if config.log_every is None else durations.parse(config.log_every).steps(per_epoch, total)
    diagnostics = config.diagnostics
    look, count = (
        None if every is None else durations.parse(every).steps(per_epoch, total)
        for every in (diagnostics.every, diagnostics.histograms)
    )
    if look is not None and look > evaluate:
        # With an evaluation: a chunk that ends for a look alone costs more than the look.
        look = -(-look // evaluate) * evaluate
    return Plan(total, per_epoch, evaluate, log, look, count)


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


class Traced(NamedTuple):
    """One lane, traced and not compiled."""

    state: State
    """Its shapes."""
    advance: Any
    programs: LanePrograms
    """Which know what the trace found."""

    @property
    def flops(self) -> float:
        """Floating-point operations of a step."""
        return flops(self.advance.jaxpr.jaxpr)


def trace(material: Material, lane: Lane) -> Traced:
    """Traces the programs of one lane; raises whatever its parts raise."""
    numbers, data = lane.scalars(real(material.config)), material.data
    indices, step, flag = pad(material.dataset.val, material.dataset), np.int32(0), np.bool_(True)
    programs = lane_programs(lane.build)
    state = programs.start.trace(numbers, data).out_info
    advance = programs.advance.trace(numbers, state._replace(best=None), step, step, flag, data)
    programs.assess.trace(numbers, state, step, flag, indices, step, data)
    if material.plan.look_every is not None:
        programs.look.trace(numbers, in_sight(state), step, data)
    return Traced(state, advance, programs)
