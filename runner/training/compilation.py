"""Compiles the three programs of a group of lanes."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import jax
import jax.numpy as jnp

from runner.training import program
from runner.training.batches import Data
from runner.training.lanes import over_lanes
from runner.training.parts import Build, Numbers
from runner.training.program import Assessment, Record
from runner.training.state import State


class Programs(NamedTuple):
    """Compiled for so many lanes; numbers and state have lanes first, everything else is shared."""

    state: State
    """The shapes of the state."""
    start: Callable[[Numbers, Data], State]
    advance: Callable[..., tuple[State, Record]]
    assess: Callable[..., Assessment]


def compile_programs(build: Build, numbers: Numbers, data: Data, indices: jax.Array) -> Programs:
    """Traces one after another (Python) and compiles side by side (XLA releases the interpreter lock)."""
    lanes = len(next(iter(numbers.values())))
    scalar = jnp.int32(0)
    start = jax.jit(over_lanes(program.start(build), 1, lanes)).trace(numbers, data)
    state = start.out_info
    advance = jax.jit(over_lanes(program.advance(build), 2, lanes), donate_argnums=1)
    assess = jax.jit(over_lanes(program.assess(build), 2, lanes))
    traced = (
        start,
        advance.trace(numbers, state, scalar, scalar, jnp.bool_(True), data),
        assess.trace(numbers, state, scalar, indices, scalar, data),
    )
    with ThreadPoolExecutor(len(traced)) as pool:
        return Programs(state, *pool.map(lambda one: one.lower().compile(), traced))
