"""Windows of streamed data, read while the device computes with the one before."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

import jax
import numpy as np

from runner.training import examination
from runner.training.ahead import Ahead
from runner.training.batches import Data, Indices, epoch_order
from runner.training.examination import Examination, Window, gather
from runner.training.lanes import Layout, over_lanes, share, spread_shapes
from runner.training.parts import Build, Numbers
from runner.training.plan import Plan
from runner.training.state import State
from runner.training.step import Scalars
from runner.training.supply import Course, Program

WINDOWS = 3
"""That lie in memory: one that the device computes with, one that it goes on to, and one that is read."""
WINDOW_BYTES = 2**28
"""A larger window only keeps the first step waiting."""

Read = Callable[[np.ndarray, np.ndarray], None]
"""Reads the inputs of some examples [m] into the first m rows of an array."""


class Need(NamedTuple):
    """What a window is of: `first` to before `last`, of steps or of batches, and the examples they take."""

    first: int
    last: int
    examples: np.ndarray


def rows_of(room: int, each: int, least: int) -> int:
    """How many inputs of `each` bytes a window has: as many as let WINDOWS fit into `room`, or `least`."""
    return max(least, min(room // WINDOWS, WINDOW_BYTES) // each)


class Stream:
    """Data of which a window at a time is on the device: the examples that the next steps of all lanes need.

    The order in which a lane visits examples is drawn from its numbers alone. So what a window has to hold is
    known before, and a run that goes on needs nothing of the one that was.
    """

    def __init__(
        self, build: Build, data: Data, read: Read, rows: int, batch_size: int, layout: Layout
    ) -> None:
        """`data` is any window, where the lanes are; the windows to come have `rows` inputs."""
        self._data = data
        self._read = read
        self._rows = rows
        self._batch_size = batch_size
        self._layout = layout
        self._train = np.asarray(data.train)
        self._order = jax.jit(over_lanes(_order(build), 1, layout))

    @property
    def shapes(self) -> Data:
        inputs = self._data.inputs
        shape = (self._rows, *inputs.shape[1:])
        return self._data._replace(inputs=jax.ShapeDtypeStruct(shape, inputs.dtype, sharding=inputs.sharding))

    @property
    def beside(self) -> int:
        inputs = self.shapes.inputs
        return (WINDOWS - 1) * inputs.size * inputs.dtype.itemsize

    @contextmanager
    def course(self, numbers: Numbers, plan: Plan, first: int, last: int, val: Indices) -> Iterator[Course]:
        with self._ahead(self._needed(numbers, plan, first, last, val)) as windows:
            yield _Windows(windows, _batches(val))

    def evaluation(self, indices: Indices) -> Iterator[Window]:
        with self._ahead(self._needed_to_evaluate(indices)) as windows:
            yield from windows

    def trace_assess(self, build: Build, numbers: Numbers, state: State, indices: Any) -> Sequence[Any]:
        shapes, step, flag, lanes = self.shapes, np.int32(0), np.bool_(True), self._over_lanes
        begin = lanes(examination.begin(build, indices, shapes), 2).trace(numbers, state, flag)
        models, answers = (spread_shapes(tree, self._layout) for tree in begin.out_info)
        answer = lanes(examination.answer(build), 3, donate_argnums=2)
        answer = answer.trace(numbers, models, answers, step, step, indices, shapes)
        judge = lanes(examination.judge(build), 4).trace(numbers, state, models, answers, step, step)
        return [begin, answer, judge]

    def assess(self, *compiled: Program) -> Program:
        return Examination(*compiled)

    def measure(self, build: Build, numbers: Numbers, model: Any, indices: Indices) -> Scalars:
        lanes = self._over_lanes
        begin = lanes(examination.begin_with(build, indices.padded, self.shapes), 2)
        answer, mark = lanes(examination.answer(build), 3), lanes(examination.mark(build), 2)
        models, answers = begin(numbers, model)
        answers = gather(answer, numbers, models, answers, indices.padded, self.evaluation(indices))
        return mark(numbers, answers, indices.size)

    def _over_lanes(self, function: Program, mapped: int, **options: Any) -> Any:
        return jax.jit(over_lanes(function, mapped, self._layout), **options)

    def _ahead(self, needed: Iterator[Need]) -> Ahead[Window]:
        # What JAX keeps a thread is for the thread that reads too.
        wide = self._data.maximum.dtype == np.float64

        def read() -> Window:
            with jax.enable_x64(wide):
                return self._window(*next(needed))

        return Ahead(read)

    def _window(self, first: int, last: int, examples: np.ndarray) -> Window:
        inputs = np.empty(self.shapes.inputs.shape, self._data.inputs.dtype)
        self._read(examples, inputs)
        rows = np.zeros(self._data.targets.shape[0], np.int32)
        rows[examples] = np.arange(len(examples), dtype=np.int32)
        inputs, rows = share((inputs, rows), self._layout)
        return Window(first, last, self._data._replace(inputs=inputs, rows=rows))

    def _needed(self, numbers: Numbers, plan: Plan, first: int, last: int, val: Indices) -> Iterator[Need]:
        step = first
        while step < last:
            epoch, begins = step // plan.per_epoch, step // plan.per_epoch * plan.per_epoch
            order = np.asarray(self._order(numbers, np.int32(epoch), self._data))
            while step < min(last, begins + plan.per_epoch):
                until = min(last, begins + plan.per_epoch, plan.next_evaluation(step))
                steps, examples = self._held(order[:, (step - begins) * self._batch_size :], until - step)
                yield Need(step, step + steps, examples)
                step += steps
                if plan.evaluates(step):
                    yield from self._needed_to_evaluate(val)

    def _held(self, order: np.ndarray, most: int) -> tuple[int, np.ndarray]:
        """How many steps a window serves, of at most `most`, and their examples: the first of `order`."""
        if self._rows >= len(self._train):
            return most, self._train
        steps, each = 0, order.shape[0] * self._batch_size
        held = np.zeros(self._data.targets.shape[0], bool)
        # So many more fit even if lanes have no example in common; where they have, more fit after that.
        more = min(most, max(1, self._rows // each))
        while more > 0:
            held[order[:, steps * self._batch_size : (steps + more) * self._batch_size]] = True
            steps += more
            more = min(most - steps, (self._rows - int(held.sum())) // each)
        return steps, np.flatnonzero(held)

    def _needed_to_evaluate(self, indices: Indices) -> Iterator[Need]:
        padded, batches = np.asarray(indices.padded), _batches(indices)
        at_once = self._rows // padded.shape[1]
        for first in range(0, batches, at_once):
            last = min(first + at_once, batches)
            yield Need(first, last, np.unique(padded[first:last]))


class _Windows:
    """A course of training through windows."""

    def __init__(self, windows: Iterator[Window], batches: int) -> None:
        self._windows = windows
        self._batches = batches
        self._window: Window | None = None

    def steps(self, first: int, count: int) -> tuple[int, Data]:
        if self._window is None or self._window.last == first:
            self._window = next(self._windows)
        return min(count, self._window.last - first), self._window.data

    def evaluation(self) -> Iterator[Window]:
        self._window, done = None, 0
        while done < self._batches:
            window = next(self._windows)
            yield window
            done = window.last


def _order(build: Build) -> Program:
    def run(numbers: Numbers, epoch: jax.Array, data: Data) -> jax.Array:
        return epoch_order(build(numbers), data, epoch)

    return run


def _batches(indices: Indices) -> int:
    """Batches that have examples that count."""
    return -(-int(indices.size) // indices.padded.shape[1])
