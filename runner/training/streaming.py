"""Windows of streamed data, read while the device computes with the one before."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import jax
import numpy as np

from runner.training import examination
from runner.training.ahead import Ahead
from runner.training.batches import Data, Indices, epoch_order
from runner.training.examination import Examination, Window, gather
from runner.training.lane_programs import LanePrograms
from runner.training.lanes import Layout, over_lanes, share, spread_shapes
from runner.training.parts import Build, Numbers
from runner.training.plan import Plan
from runner.training.state import State
from runner.training.step import Scalars
from runner.training.supply import Course, Measure, Program
from runner.training.windows import WINDOWS, Need, Windows, batches_of

Read = Callable[[np.ndarray, np.ndarray], None]
"""Reads the inputs of some examples [m] into the first m rows of an array."""


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
        self._layout = layout
        self._windows = Windows(rows, len(data.targets), np.asarray(data.train), batch_size)
        self._visits = jax.jit(over_lanes(_visits(build), 1, layout))

    @property
    def shapes(self) -> Data:
        inputs = self._data.inputs
        shape = (self._windows.rows, *inputs.shape[1:])
        return self._data._replace(inputs=jax.ShapeDtypeStruct(shape, inputs.dtype, sharding=inputs.sharding))

    @property
    def beside(self) -> int:
        inputs = self.shapes.inputs
        return (WINDOWS - 1) * inputs.size * inputs.dtype.itemsize

    @contextmanager
    def course(self, numbers: Numbers, plan: Plan, first: int, last: int, val: Indices) -> Iterator[Course]:
        def order(epoch: int) -> np.ndarray:
            return np.asarray(self._visits(numbers, np.int32(epoch), self._data))

        with self._ahead(self._windows.of_training(order, plan, first, last, val)) as windows:
            yield _Course(windows, batches_of(val))

    def evaluation(self, indices: Indices) -> Iterator[Window]:
        with self._ahead(self._windows.of_evaluation(indices)) as windows:
            yield from windows

    def trace_assess(self, own: LanePrograms, numbers: Numbers, state: State, indices: Any) -> Sequence[Any]:
        shapes, step, flag, lanes = self.shapes, np.int32(0), np.bool_(True), self._over_lanes
        build = own.build
        begin = lanes(examination.begin(build, indices, shapes), 2).trace(numbers, state, flag)
        models, answers = (spread_shapes(tree, self._layout) for tree in begin.out_info)
        answer = lanes(examination.answer(build), 3, donate_argnums=2)
        answer = answer.trace(numbers, models, answers, step, step, indices, shapes)
        judge = lanes(examination.judge(build), 4).trace(numbers, state, models, answers, step, step)
        return [begin, answer, judge]

    def assess(self, *compiled: Program) -> Program:
        return Examination(*compiled)

    def measuring(self, build: Build) -> Measure:
        lanes = self._over_lanes
        answer, mark = lanes(examination.answer(build), 3), lanes(examination.mark(build), 2)

        def measure(numbers: Numbers, model: Any, indices: Indices) -> tuple[Scalars, jax.Array]:
            begin = lanes(examination.begin_with(build, indices.padded, self.shapes), 2)
            models, answers = begin(numbers, model)
            answers = gather(answer, numbers, models, answers, indices.padded, self.evaluation(indices))
            return mark(numbers, answers, indices.size)

        return measure

    def _over_lanes(self, function: Program, mapped: int, **options: Any) -> Any:
        return jax.jit(over_lanes(function, mapped, self._layout), **options)

    def _ahead(self, needs: Iterator[Need]) -> Ahead[Window]:
        # JAX keeps the width of floats a thread: the one that reads needs that of the programs.
        wide = self._data.maximum.dtype == np.float64

        def read() -> Window:
            with jax.enable_x64(wide):
                return self._window(next(needs))

        return Ahead(read)

    def _window(self, need: Need) -> Window:
        shape = self.shapes.inputs
        inputs, rows = np.empty(shape.shape, shape.dtype), np.zeros(self._windows.examples, np.int32)
        self._read(need.examples, inputs)
        rows[need.examples] = np.arange(len(need.examples), dtype=np.int32)
        inputs, rows = share((inputs, rows), self._layout)
        return Window(need.first, need.last, self._data._replace(inputs=inputs, rows=rows))


class _Course:
    """A course of training, from window to window."""

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


def _visits(build: Build) -> Program:
    """The program that gives the examples of an epoch in the order that a lane visits them."""

    def run(numbers: Numbers, epoch: jax.Array, data: Data) -> jax.Array:
        return epoch_order(build(numbers), data, epoch)

    return run
