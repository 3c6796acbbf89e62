"""Compiles the programs of a group of lanes."""

from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, NamedTuple

import jax
import numpy as np

from runner.training import program
from runner.training.batches import Data
from runner.training.lanes import over_lanes
from runner.training.parts import Build, Numbers
from runner.training.program import Assessment, Record
from runner.training.state import State

RUN_ONCE = {"xla_backend_optimization_level": 1}
"""Compiling these programs well takes longer than running them badly."""


class Programs(NamedTuple):
    """Compiled for so many lanes; numbers and state have lanes first, everything else is shared."""

    state: State
    """The shapes of the state."""
    start: Callable[[Numbers, Data], State]
    advance: Callable[..., tuple[State, Record]]
    assess: Callable[..., Assessment]
    preview: Callable[[Numbers, Data], tuple[jax.Array, jax.Array]]


def compile_programs(build: Build, numbers: Numbers, data: Data, indices: jax.Array) -> Programs:
    """Traces one program after another (Python) while XLA, which needs no Python, compiles those before."""
    lanes = len(next(iter(numbers.values())))
    step, flag = np.int32(0), np.bool_(True)
    with ThreadPoolExecutor(4) as pool:

        def compiled(traced: Any, options: Mapping[str, int] | None = None) -> Future[Any]:
            return pool.submit(traced.lower().compile, options)

        traced = jax.jit(over_lanes(program.start(build), 1, lanes)).trace(numbers, data)
        state, start = traced.out_info, compiled(traced, RUN_ONCE)
        advance = jax.jit(over_lanes(program.advance(build), 2, lanes), donate_argnums=1)
        advance = compiled(advance.trace(numbers, state, step, step, flag, data))
        assess = jax.jit(over_lanes(program.assess(build), 2, lanes))
        assess = compiled(assess.trace(numbers, state, step, indices, step, data))
        preview = compiled(
            jax.jit(over_lanes(program.preview(build), 1, lanes)).trace(numbers, data), RUN_ONCE
        )
    return Programs(state, start.result(), advance.result(), assess.result(), preview.result())
