"""How the examples that the programs need get onto the device."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any, NamedTuple, Protocol

import jax
import numpy as np

from runner.training import program
from runner.training.batches import Data, Indices
from runner.training.lane_programs import LanePrograms
from runner.training.lanes import Layout, over_lanes
from runner.training.parts import Build, Numbers
from runner.training.plan import Plan
from runner.training.state import State
from runner.training.step import Scalars

Program = Callable[..., Any]
Measure = Callable[[Numbers, Any, Indices], tuple[Scalars, jax.Array]]
"""The numbers of lanes, the variables of their models and a split -> loss and metrics [lanes], and all
outputs [lanes, padded examples, k]."""


class Course(Protocol):
    """The data of a course of training, asked for in the order of the training."""

    def steps(self, first: int, count: int) -> tuple[int, Data]:
        """How many of `count` steps after step `first` can be taken, at least one, and with which data."""
        ...

    def evaluation(self) -> Any:
        """What `assess` reads the validation split from, after the steps before."""
        ...


class Supply(Protocol):
    """Where the data is, and the programs that depend on it."""

    @property
    def shapes(self) -> Data:
        """What the programs are compiled for."""
        ...

    @property
    def beside(self) -> int:
        """Bytes of data that lie on each device beside those that a program takes."""
        ...

    def course(
        self, numbers: Numbers, plan: Plan, first: int, last: int, val: Indices
    ) -> AbstractContextManager[Course]:
        """The data of the steps from `first` to `last` and of the evaluations among them."""
        ...

    def evaluation(self, indices: Indices) -> Any:
        """What `assess` reads a split from."""
        ...

    def trace_assess(self, own: LanePrograms, numbers: Numbers, state: State, indices: Any) -> Sequence[Any]:
        """The programs that `assess` consists of, traced for lanes."""
        ...

    def assess(self, *compiled: Program) -> Program:
        """`program.assess` of lanes, of those programs; it takes what `evaluation` returns for the data."""
        ...

    def measuring(self, build: Build) -> Measure:
        """`program.measure` of lanes, compiled once for all the splits and weights that it is given."""
        ...


class Resident(NamedTuple):
    """All of the data is on the device."""

    data: Data
    layout: Layout

    @property
    def shapes(self) -> Data:
        return self.data

    @property
    def beside(self) -> int:
        return 0

    def course(
        self, numbers: Numbers, plan: Plan, first: int, last: int, val: Indices
    ) -> AbstractContextManager[Course]:
        return nullcontext(_Everything(self.data))

    def evaluation(self, indices: Indices) -> Data:
        return self.data

    def trace_assess(self, own: LanePrograms, numbers: Numbers, state: State, indices: Any) -> Sequence[Any]:
        step, flag = np.int32(0), np.bool_(True)
        assess = jax.jit(over_lanes(own.assess, 2, self.layout))
        return [assess.trace(numbers, state, step, flag, indices, step, self.data)]

    def assess(self, *compiled: Program) -> Program:
        (assess,) = compiled
        return assess

    def measuring(self, build: Build) -> Measure:
        evaluate = jax.jit(over_lanes(program.measure(build), 2, self.layout))
        return lambda numbers, model, indices: evaluate(numbers, model, *indices, self.data)


class _Everything(NamedTuple):
    data: Data

    def steps(self, first: int, count: int) -> tuple[int, Data]:
        return count, self.data

    def evaluation(self) -> Data:
        return self.data
