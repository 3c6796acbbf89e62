"""Many runs in one program: a function of one lane becomes a function of all of them."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypeAlias

import jax
import numpy as np
from jax.sharding import Mesh, NamedSharding, PartitionSpec

Function: TypeAlias = Callable[..., Any]
Device: TypeAlias = Any  # jax.Device is no type to a type checker

TOGETHER_BELOW = 2e6
"""Floating-point operations of a step below which lanes on a CPU advance together.

A small step costs a CPU mostly the dispatch of its operations, which lanes that advance together share. A
larger one fills the CPU by itself: batched, its convolutions are twice as slow.
"""
FLOPS_A_SECOND = 1e11
"""Of a CPU core; rough, and fixed: what is decided by it must be decided alike whenever a run is repeated."""
LEAST_FLOPS = 1e7
"""What a step costs at least, in operations: a small one takes as long as this many."""
MOST_LANES = 256
"""More make no program faster, and each must fit the memory while it trains."""
CHUNK_STEPS, CHUNK_SECONDS = 16, 3.0
"""Steps that a chunk should hold, for the way into it and out of it to be little beside them; its time."""
AXIS = "lanes"


class Layout(NamedTuple):
    """How the lanes of a program are laid out."""

    lanes: int
    """A multiple of the number of devices."""
    across: Callable[[Function, int], Function]
    """`together` or `in_turn`: how the lanes on one device advance."""
    devices: Sequence[Device]


def lay_out(lanes: int, flops: float, devices: Sequence[Device]) -> Layout:
    """The fastest layout of at least `lanes` lanes, one step of one lane being `flops` operations.

    The one place where it is decided; benchmarks/lanes.py measures it. The last lanes may be padding.
    """
    used = devices[: min(lanes, len(devices))]
    across = in_turn if _one_by_one(flops, devices) else together
    return Layout(-(-lanes // len(used)) * len(used), across, used)


def most_lanes(flops: float, devices: Sequence[Device]) -> int:
    """How many lanes a program should have at most: more of those that advance in turn only wait longer."""
    if not _one_by_one(flops, devices):
        return MOST_LANES
    seconds = max(flops, LEAST_FLOPS) / FLOPS_A_SECOND
    return min(MOST_LANES, len(devices) * max(1, int(CHUNK_SECONDS / (CHUNK_STEPS * seconds))))


def _one_by_one(flops: float, devices: Sequence[Device]) -> bool:
    return devices[0].platform == "cpu" and flops >= TOGETHER_BELOW


def alone() -> Layout:
    """The layout of a single run, on JAX's default device."""
    return Layout(1, in_turn, jax.devices()[:1])


def over_lanes(function: Function, mapped: int, layout: Layout) -> Function:
    """`function` with a leading axis of lanes on its first `mapped` arguments and on what it returns.

    The other arguments are shared. A single lane is computed without the axis: XLA's CPU backend runs a
    batched matrix product of one matrix slower than the product itself.
    """
    single = layout.lanes == len(layout.devices)
    mine = _without_axis(function, mapped) if single else layout.across(function, mapped)
    if len(layout.devices) == 1:
        return mine

    def run(*arguments: Any) -> Any:
        split, whole = PartitionSpec(AXIS), PartitionSpec()
        specs = (*[split] * mapped, *[whole] * (len(arguments) - mapped))
        # Nothing inside looks across lanes, so there is nothing for shard_map to check.
        each = jax.shard_map(mine, mesh=_mesh(layout), in_specs=specs, out_specs=split, check_vma=False)
        return each(*arguments)

    return run


def together(function: Function, mapped: int) -> Function:
    """All lanes take a step, then all take the next: one operation works on every lane."""

    def run(*arguments: Any) -> Any:
        axes = [0 if place < mapped else None for place in range(len(arguments))]
        return jax.vmap(function, in_axes=axes)(*arguments)

    return run


def in_turn(function: Function, mapped: int) -> Function:
    """One lane after another, each as if it were alone."""

    def run(*arguments: Any) -> Any:
        return jax.lax.map(lambda own: function(*own, *arguments[mapped:]), arguments[:mapped])

    return run


def one_of(function: Function) -> Function:
    """`function` of the numbers and the state of one lane, as a function of those of all, and which it is."""

    def run(numbers: Any, state: Any, lane: jax.Array, *shared: Any) -> Any:
        return function(*jax.tree.map(lambda leaf: leaf[lane], (numbers, state)), *shared)

    return run


def skips(layout: Layout) -> bool:
    """Whether a lane that has ended should be passed over by a condition on its state.

    Lanes that advance together compute both sides anyway, and a condition of each would make all that it
    reads, the data too, a copy for each. A run alone has nothing to skip, and inside a condition XLA's CPU
    backend splits no operation over the cores.
    """
    return layout.across is in_turn and layout.lanes > 1


def spread(tree: Any, layout: Layout) -> Any:
    """A tree of arrays with lanes first, each device holding the lanes that it trains."""
    return _placed(tree, layout, PartitionSpec(AXIS))


def share(tree: Any, layout: Layout) -> Any:
    """A tree of arrays that every lane reads, on each device."""
    return _placed(tree, layout, PartitionSpec())


def spread_shapes(tree: Any, layout: Layout) -> Any:
    """Shapes of arrays with lanes first, as `spread` would place them."""
    if len(layout.devices) == 1:
        return tree
    sharding = NamedSharding(_mesh(layout), PartitionSpec(AXIS))
    return jax.tree.map(lambda leaf: jax.ShapeDtypeStruct(leaf.shape, leaf.dtype, sharding=sharding), tree)


def _placed(tree: Any, layout: Layout, spec: PartitionSpec) -> Any:
    if len(layout.devices) == 1:
        return jax.device_put(tree, layout.devices[0])
    return jax.device_put(tree, NamedSharding(_mesh(layout), spec))


def _mesh(layout: Layout) -> Mesh:
    return Mesh(np.asarray(layout.devices), (AXIS,))


def _without_axis(function: Function, mapped: int) -> Function:
    def run(*arguments: Any) -> Any:
        own = jax.tree.map(lambda leaf: leaf[0], arguments[:mapped])
        return jax.tree.map(lambda leaf: leaf[None], function(*own, *arguments[mapped:]))

    return run
