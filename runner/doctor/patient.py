"""What the checks look at: a config, its data, and the programs of its model; each made once."""

import math
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cached_property
from typing import Any

import jax
import numpy as np
from flax import nnx
from omegaconf import DictConfig

from runner.backend import width
from runner.data.dataset import Dataset
from runner.data.streamed import Streamed
from runner.doctor.data.copies import contents
from runner.doctor.data.neighbours import FEWEST_FEATURES, near_copies
from runner.doctor.labels.kernels import standardised
from runner.doctor.learning.course import MOST_STEPS, Course, step_budget, teach
from runner.doctor.model.look import Look, look
from runner.doctor.model.probe import Probed, probe
from runner.doctor.sample import TRAIN, sample_of, some
from runner.errors import ConfigError
from runner.experiment import blueprint, build_dataset, numbers_of
from runner.interruption import Interruption
from runner.preparation import Lane, Prepared, gather_with, place_dataset, prepare_material
from runner.questions import generates
from runner.range_test.course import Watch
from runner.range_test.standing import Standing
from runner.range_test.testing import standing_by_ramp
from runner.training.batches import place
from runner.training.state import State

LARGEST_BATCH = 512
"""Larger batches are replaced by such: a check needs few steps, not exact ones."""
LOOKED_AT, PROBED = 512, 16
"""Examples of the first look, and of the probe."""
BEGUN = 16
"""Steps after which a model has left what is special about its initial weights."""
RAMP = 60
"""Steps of a ramp, at least."""


class Patient:
    """A config with its data."""

    def __init__(self, config: DictConfig, pool: ThreadPoolExecutor) -> None:
        """Loads the data and begins to compile.

        Raises ConfigError where the data cannot be made, or the model is a generator.
        """
        if generates(config):
            raise ConfigError(
                "generator: what is wrong with one is said as it trains; runner generate trains it"
            )
        self.dataset: Dataset = build_dataset(config)
        if isinstance(self.dataset.inputs, Streamed):
            size = math.ceil(self.dataset.inputs.nbytes / 1e9)
            raise ConfigError(f"dataset: streamed, and checks read all of it; dataset.memory={size} holds it")
        self.inputs: np.ndarray = self.dataset.inputs
        self.asked = config
        self.sample = sample_of(self.dataset, max(TRAIN, _batch_size(config)))
        self.config = _with_batches(config, self.sample)
        self._prepared: Future[Prepared] = pool.submit(self._prepare)
        self._leaving = Interruption()
        # Another device than the CPU has no cores left, and perhaps no memory.
        beside = jax.default_backend() == "cpu"
        self._standing: Future[Standing] | None = pool.submit(self._range_test) if beside else None

    @property
    def prepared(self) -> Prepared:
        """The programs; raises ConfigError where they cannot be built."""
        return self._prepared.result()

    def start(self) -> None:
        """Waits for the programs; raises ConfigError where they cannot be built."""
        self._prepared.result()

    @property
    def standing(self) -> Standing:
        """Where the learning rate stands in a ramp of as many steps as a short training has.

        The ramp has programs of its own, and on a CPU is taken beside the other checks: few fill two cores.
        """
        return self._range_test() if self._standing is None else self._standing.result()

    def leave(self) -> None:
        """Ends what is still under way."""
        self._leaving.asked = True

    @cached_property
    def content(self) -> np.ndarray:
        """A number of each example: equal examples have the same."""
        return contents(self.inputs)

    @cached_property
    def near(self) -> tuple[np.ndarray, np.ndarray] | None:
        """Near-copies: examples of val and, of each, the training example; None in few dimensions."""
        sample, features = self.sample, self.inputs[0].size
        if features < FEWEST_FEATURES or len(sample.train) < FEWEST_FEATURES:
            return None
        chosen = np.concatenate([sample.train, sample.val])
        columns = self.dataset.inputs[chosen].reshape(len(chosen), -1).astype(np.float32)
        if not self.dataset.is_image:
            columns = standardised(columns).astype(np.float32)
        own, other = near_copies(columns[len(sample.train) :], columns[: len(sample.train)])
        return sample.val[own], sample.train[other]

    @cached_property
    def untrained(self) -> State:
        """The state before the first step, of one lane."""
        return self.prepared.programs.start(self.prepared.numbers, self.prepared.data)

    @cached_property
    def begun(self) -> Course:
        """A few steps."""
        return teach(self.prepared, self.prepared.data, self.sample.val, BEGUN, BEGUN)

    @cached_property
    def budget(self) -> int:
        """How many steps a short training may take."""
        return step_budget(self.prepared)

    @cached_property
    def look(self) -> Look:
        """The first look, on the host."""
        indices = some(self.sample.train, LOOKED_AT)
        program = jax.jit(_of_one_lane(look(self.prepared.build)))
        return jax.device_get(
            program(self.prepared.numbers, self.untrained.model, indices, self.prepared.data)
        )

    @cached_property
    def probed(self) -> tuple[Probed, Probed]:
        """What the untrained model, and that of a few steps, answer to small changes, in 64-bit floats."""
        wide = self.config.copy()
        wide.precision = "float64"
        with width(wide):
            prepared, numbers = self.prepared, self._concrete
            lane = Lane(blueprint(wide, prepared.material.spec, numbers), {}, numbers)
            program, data = jax.jit(probe(lambda: lane.build({}))), self._few()
            models = (self.untrained.model, self.begun.state.model)
            first, second = (jax.device_get(program(model, data)) for model in models)
        return first, second

    @property
    def parameters(self) -> nnx.State:
        """The shapes of the parameters, lanes first."""
        return nnx.filter_state(self.prepared.programs.state.model, nnx.Param)

    @property
    def _concrete(self) -> dict[str, float | int]:
        return numbers_of(self.config, self.prepared.material.plan.total)

    def _prepare(self) -> Prepared:
        with width(self.config):
            data = place_dataset(self.config, self.sample)
            return prepare_material(gather_with(self.config, self.sample, data))

    def _range_test(self) -> Standing:
        config = self.config.copy()
        config.find_lr.steps = max(RAMP, min(config.find_lr.steps, self.budget))
        with width(config):
            watch = Watch(self._leaving, lambda step: None)
            return standing_by_ramp(self.prepared.material._replace(config=config), watch)

    def _few(self) -> Any:
        chosen, data = some(self.sample.train, PROBED), self.prepared.data
        inputs, targets = self.dataset.inputs[chosen], self.dataset.targets[chosen]
        train = np.arange(len(chosen), dtype=np.int32)
        return place(inputs, targets, train, self.dataset.maximum, data.preprocessing, "float64")


def _of_one_lane(program: Callable[..., Any]) -> Callable[..., Any]:
    """A program whose numbers and model come with an axis of one lane."""

    def run(numbers: Any, model: Any, *others: Any) -> Any:
        return program(*jax.tree.map(lambda leaf: leaf[0], (numbers, model)), *others)

    return run


def _batch_size(config: DictConfig) -> int:
    return config.batch_size if isinstance(config.batch_size, int) else 0


def _with_batches(config: DictConfig, sample: Dataset) -> DictConfig:
    """The config as the checks train it: for a short time, with batches that are not too large."""
    smaller = config.copy()
    smaller.steps = MOST_STEPS
    smaller.diagnostics.every = smaller.diagnostics.histograms = None
    size = len(sample.train) if isinstance(config.batch_size, str) else config.batch_size
    if LARGEST_BATCH < size <= len(sample.train):
        smaller.batch_size, smaller.accumulate = LARGEST_BATCH, 1
    return smaller
