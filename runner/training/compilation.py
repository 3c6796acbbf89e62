"""Compiles the programs of a group of lanes."""

from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, NamedTuple

import jax
import numpy as np

from runner.training import program
from runner.training.batches import Data
from runner.training.lanes import Layout, in_turn, over_lanes, skips, spread_shapes
from runner.training.parts import Build, Numbers
from runner.training.program import Assessment, Record
from runner.training.state import State
from runner.training.supply import Supply

RUN_ONCE = {"xla_backend_optimization_level": 1}
"""Compiling these programs well takes longer than running them badly."""


class Programs(NamedTuple):
    """Compiled for a layout of lanes; numbers and state have lanes first, everything else is shared."""

    layout: Layout
    state: State
    """The shapes of the state."""
    start: Callable[[Numbers, Data], State]
    advance: Callable[..., tuple[State, Record]]
    assess: Callable[..., Assessment]
    preview: Callable[[Numbers, Data], tuple[jax.Array, jax.Array]]
    """Of one lane: its numbers have no axis of lanes."""
    bytes: int
    """What training takes of each device's memory, by XLA's own account; the data is counted in."""


def compile_programs(
    build: Build,
    numbers: Numbers,
    data: Data,
    supply: Supply,
    indices: jax.Array | np.ndarray,
    layout: Layout,
) -> Programs:
    """Traces one program after another (Python) while XLA, which needs no Python, compiles those before.

    `numbers` and `data` are placed as `layout` says (`lanes.spread`, `lanes.share`). `start` and `preview`
    take `data`, the others what `supply` has for them.
    """
    step, flag = np.int32(0), np.bool_(True)
    with ThreadPoolExecutor(4) as pool:

        def compiled(traced: Any, options: Mapping[str, int] | None = None) -> Future[Any]:
            return pool.submit(traced.lower().compile, options)

        # One lane after another: to factorise a batch of matrices, as orthogonal weights need, can take
        # for ever on the CPU (see objectives/singular_values.py), and this runs once.
        one_by_one = layout._replace(across=in_turn)
        traced = jax.jit(over_lanes(program.start(build), 1, one_by_one)).trace(numbers, data)
        state, start = spread_shapes(traced.out_info, layout), compiled(traced, RUN_ONCE)
        advance = jax.jit(advance_lanes(build, layout), donate_argnums=1)
        advance = compiled(advance.trace(numbers, state, step, step, flag, supply.shapes))
        assess = [compiled(traced) for traced in supply.trace_assess(build, numbers, state, indices)]
        first = {key: np.asarray(values)[0] for key, values in numbers.items()}
        preview = compiled(jax.jit(program.preview(build)).trace(first, data), RUN_ONCE)
    needed = supply.beside + max(_bytes(own.result()) for own in (advance, *assess))
    assess = supply.assess(*(own.result() for own in assess))
    return Programs(layout, state, start.result(), advance.result(), assess, preview.result(), needed)


def advance_lanes(build: Build, layout: Layout) -> Callable[..., tuple[State, Record]]:
    """`program.advance` over the lanes of a layout."""
    advance = program.advance(build, jax.lax.cond if skips(layout) else program.choose)
    return program.past_best(over_lanes(advance, 2, layout))


def _bytes(compiled: Any) -> int:
    memory = compiled.memory_analysis()
    if memory is None:  # a backend that does not say
        return 0
    shared = memory.alias_size_in_bytes
    return memory.argument_size_in_bytes + memory.output_size_in_bytes - shared + memory.temp_size_in_bytes
