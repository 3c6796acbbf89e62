"""The state that lanes begin or go on with."""

from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
from flax import nnx

from runner import checkpoints
from runner.errors import ConfigError
from runner.folder import MEMBERS
from runner.memory import out_of_memory
from runner.preparation import Prepared
from runner.training.lanes import over_lanes, spread
from runner.training.program import start_from
from runner.training.state import State


def initial_state(prepared: Prepared) -> State:
    """The state before the first step, with the weights of `init_from` where the config names a run.

    Raises OutOfMemoryError, or ConfigError if that run's weights do not fit.
    """
    with out_of_memory():
        state = jax.block_until_ready(prepared.programs.start(prepared.numbers, prepared.data))
    init_from = prepared.material.config.init_from
    if init_from is None:
        return state
    layout = prepared.programs.layout
    model = spread(_with_weights_of(Path(init_from), state.model), layout)
    start = jax.jit(over_lanes(start_from(prepared.build), 2, layout))
    return start(prepared.numbers, model, prepared.data)


def restored_state(prepared: Prepared, arrays: checkpoints.Arrays) -> State:
    """The state of lanes from a checkpoint's arrays, lanes first; raises as `checkpoints.unflatten` does."""
    return place(prepared, checkpoints.unflatten(prepared.programs.state, arrays, "state"))


def padded(prepared: Prepared, state: State, lanes: int) -> State:
    """The state with all but the first `lanes` at rest: where lanes advance in turn, they take no time."""
    layout = prepared.programs.layout
    if lanes == layout.lanes:
        return state
    stopped = np.asarray(state.stopped) | (np.arange(layout.lanes) >= lanes)
    return state._replace(stopped=spread(stopped, layout))


def place(prepared: Prepared, state: State) -> State:
    """The state, each lane on the device that trains it."""
    return spread(state, prepared.programs.layout)


def as_lane(arrays: checkpoints.Arrays) -> checkpoints.Arrays:
    """The arrays of a single run as those of one lane."""
    return {name: array[None] for name, array in arrays.items()}


def patient_again(state: State) -> State:
    """The state of lanes that train longer: none is stopped, and patience starts anew."""
    best = state.best._replace(stale=jnp.zeros_like(state.best.stale))
    return state._replace(stopped=jnp.zeros_like(state.stopped), best=best)


def _with_weights_of(folder: Path, model: nnx.State) -> nnx.State:
    if (folder / MEMBERS).is_dir():
        raise ConfigError(f"init_from={folder}: an ensemble; start from one of {folder / MEMBERS}")
    saved = checkpoints.latest(folder)
    if saved is None:
        raise ConfigError(f"init_from={folder}: it has no checkpoint yet")
    learned, own = nnx.split_state(model, nnx.Any(nnx.Param, nnx.BatchStat), ...)
    template = jax.tree.map(lambda leaf: jax.ShapeDtypeStruct(leaf.shape[1:], leaf.dtype), learned)
    try:
        found = checkpoints.unflatten(template, saved.arrays, "state.best.model")
    except ConfigError as error:
        raise ConfigError(f"init_from={folder}: {error}") from error
    lanes = jax.tree.map(lambda leaf, like: jnp.broadcast_to(leaf, like.shape), found, learned)
    return nnx.merge_state(lanes, own)
