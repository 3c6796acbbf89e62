"""The state that lanes begin or go on with."""

import jax
import jax.numpy as jnp
import numpy as np

from runner import checkpoints
from runner.memory import out_of_memory
from runner.preparation import Prepared
from runner.training.lanes import over_lanes, spread
from runner.training.program import start_from
from runner.training.state import State
from runner.transfer import names_runs, transferred


def initial_state(prepared: Prepared) -> State:
    """The state before the first step, with the weights of the runs that the config names, if any.

    Raises OutOfMemoryError, or ConfigError if such a run's weights do not fit.
    """
    with out_of_memory():
        state = jax.block_until_ready(prepared.programs.start(prepared.numbers, prepared.data))
    material, layout = prepared.material, prepared.programs.layout
    if not names_runs(material.config):
        return state
    model = spread(transferred(material, state.model), layout)
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
