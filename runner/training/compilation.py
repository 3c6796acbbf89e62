"""Compiles the programs of a group of lanes."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from runner.diagnostics.histograms import Histogram
from runner.training import diagnosis, program
from runner.training.batches import Data
from runner.training.lane_programs import LanePrograms
from runner.training.lanes import Layout, in_turn, one_of, over_lanes, skips, spread_shapes
from runner.training.parts import Numbers
from runner.training.plan import Plan
from runner.training.program import Advance, Assessment, Record
from runner.training.state import State
from runner.training.supply import Supply

NO_EMITTERS = {"xla_cpu_use_fusion_emitters": False}
"""Compiles an evaluation in half the time, to one that is as fast."""
NOW_AND_THEN = {"xla_backend_optimization_level": 1, **NO_EMITTERS}
"""Of a program for a few steps in a hundred: compiling it well takes longer than it then saves."""
ONCE = {"xla_backend_optimization_level": 0, **NO_EMITTERS}
"""Compiles in half the time of that, to what takes three times as long: milliseconds a lane."""


class Looks(NamedTuple):
    """The programs that take signals of a step and change nothing."""

    tags: Sequence[str]
    sums: Any
    """The shape of the sums [lanes, 2, tags]."""
    look: Callable[..., jax.Array]
    """The sums that one look adds."""
    add: Callable[..., jax.Array]

    def take(self, numbers: Numbers, state: State, step: int, first: bool, data: Data) -> State:
        """The state with the signals of the step after `step`: alone where it is the `first`, else added."""
        found = self.look(numbers, in_sight(state), np.int32(step), data)
        return state._replace(signals=found if first else self.add(state.signals, found))


class Programs(NamedTuple):
    """Compiled for a layout of lanes; numbers and state have lanes first, everything else is shared."""

    layout: Layout
    state: State
    """The shapes of the state."""
    start: Callable[[Numbers, Data], State]
    advance: Advance
    assess: Callable[..., Assessment]
    preview: Callable[[Numbers, Data], tuple[jax.Array, jax.Array]]
    """Of one lane: its numbers have no axis of lanes."""
    looks: Looks | None
    inspect: Callable[..., dict[str, Histogram]] | None
    """Of one of the lanes (`lanes.one_of`)."""
    bytes: int
    """What training takes of each device's memory, by XLA's own account; the data is counted in."""
    flops: float
    """Floating-point operations of a step of all lanes, by the same."""


def compile_programs(
    own: LanePrograms,
    numbers: Numbers,
    data: Data,
    supply: Supply,
    indices: jax.Array | np.ndarray,
    layout: Layout,
    plan: Plan,
) -> Programs:
    """Traces one program after another (Python) while XLA, which needs no Python, compiles those before.

    `numbers` and `data` are placed as `layout` says (`lanes.spread`, `lanes.share`). `start`, `inspect` and
    `preview` take `data`, the others what `supply` has for them. What the plan does not need is not compiled.
    """
    step, flag = np.int32(0), np.bool_(True)
    with ThreadPoolExecutor(4) as pool:

        def compiled(traced: Any, options: Mapping[str, int | bool] | None = None) -> Future[Any]:
            return pool.submit(traced.lower().compile, options)

        # One lane after another: to factorise a batch of matrices, as orthogonal weights need, can take
        # for ever on the CPU (see objectives/singular_values.py), and this runs once.
        one_by_one = layout._replace(across=in_turn)
        begin = jax.jit(over_lanes(own.start, 1, one_by_one)).trace(numbers, data)
        state = spread_shapes(begin.out_info, layout)
        # The largest first: it is what the others are waited with for.
        advance = jax.jit(advance_lanes(own.advance, layout), donate_argnums=1)
        advance = compiled(advance.trace(numbers, state, step, step, flag, supply.shapes))
        assessing = supply.trace_assess(own, numbers, state, indices)
        assess = [compiled(traced, NO_EMITTERS) for traced in assessing]
        looking = inspecting = None
        if plan.look_every is not None:
            looking = _looks(own, numbers, state, supply.shapes, layout, compiled)
        start = compiled(begin, ONCE)
        if plan.count_every is not None:
            inspect = jax.jit(one_of(diagnosis.inspect(own.build)))
            inspecting = compiled(inspect.trace(numbers, in_sight(state), step, step, data), NOW_AND_THEN)
        first = {key: np.asarray(values)[0] for key, values in numbers.items()}
        preview = compiled(jax.jit(program.preview(own.build)).trace(first, data), ONCE)
    looks = None if looking is None else looking()
    judging = [each.result() for each in assess]
    needed = max(map(_bytes, (advance.result(), *judging, *([looks.look] if looks else []))))
    return Programs(
        layout,
        state._replace(signals=None if looks is None else looks.sums),
        start.result(),
        _beside_signals(advance.result()),
        _without_signals(supply.assess(*judging)),
        preview.result(),
        looks,
        None if inspecting is None else inspecting.result(),
        supply.beside + needed,
        float((advance.result().cost_analysis() or {}).get("flops", 0.0)),
    )


def advance_lanes(advance: Advance, layout: Layout) -> Advance:
    """`program.advance` of one lane as the program of the lanes of a layout."""
    return program.past_best(over_lanes(program.skipping(advance) if skips(layout) else advance, 2, layout))


def in_sight(state: State) -> State:
    """What a look at a step needs of a state."""
    return state._replace(best=None, ema=None, signals=None)


def _looks(
    own: LanePrograms,
    numbers: Numbers,
    state: State,
    data: Data,
    layout: Layout,
    compiled: Callable[..., Any],
) -> Callable[[], Looks]:
    """Has the programs that take signals compiled; what waits for them."""
    look = jax.jit(over_lanes(own.look, 2, layout))
    look = look.trace(numbers, in_sight(state), np.int32(0), data)
    sums = spread_shapes(look.out_info, layout)
    look, add = (compiled(traced, NOW_AND_THEN) for traced in (look, jax.jit(jnp.add).trace(sums, sums)))
    return lambda: Looks(own.tags, sums, look.result(), add.result())


def _beside_signals(advance: Advance) -> Advance:
    """`advance`, which takes the memory of its state, with the signals kept out of it: they are read yet."""

    def run(numbers: Numbers, state: State, *rest: Any) -> tuple[State, Record]:
        moved, record = advance(numbers, state._replace(signals=None), *rest)
        return moved._replace(signals=state.signals), record

    return run


def _without_signals(assess: Callable[..., Assessment]) -> Callable[..., Assessment]:
    """`assess`, which has no use for them."""
    return lambda numbers, state, *rest: assess(numbers, state._replace(signals=None), *rest)


def _bytes(compiled: Any) -> int:
    memory = compiled.memory_analysis()
    if memory is None:  # a backend that does not say
        return 0
    shared = memory.alias_size_in_bytes
    return memory.argument_size_in_bytes + memory.output_size_in_bytes - shared + memory.temp_size_in_bytes
