"""What changes while a lane trains."""

from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
from flax import nnx

from runner.training.batches import Data
from runner.training.parts import Parts
from runner.training.plateau import PlateauState
from runner.training.step import step_tags
from runner.training.streams import Streams, stream


class Best(NamedTuple):
    """The weights that were best by the objective on val, and how long ago that was."""

    model: nnx.State
    value: jax.Array
    step: jax.Array
    """Step of the evaluation that found them; -1 before the first."""
    stale: jax.Array
    """Evaluations since."""


class State(NamedTuple):
    """One lane: all a run needs to go on, bitwise."""

    model: nnx.State
    """Every variable of the model: parameters, running statistics, dropout streams."""
    optimizer: Any
    order: jax.Array
    """int32 [n]: the examples in the order in which the epoch of the last step visits them."""
    totals: dict[str, jax.Array]
    """Sums over the steps since the last record."""
    best: Best
    diverged: jax.Array
    """The first step whose loss, or loss on val after it, was not finite; -1 while all were."""
    stopped: jax.Array
    """Whether patience ran out."""
    ema: nnx.State | None
    """Averaged parameters; None where they are not kept."""
    plateau: PlateauState | None
    """None where the schedule does not go by evaluations."""
    signals: jax.Array | None = None
    """Sums of what diagnostics saw since the last evaluation [2, tags]; None before the first look."""


def create_model(parts: Parts) -> nnx.Module:
    """The model with its initial weights, every stream by its purpose."""
    purposes = {purpose: stream(parts.key, purpose) for purpose in ("default", "params", "dropout")}
    return parts.model(Streams(**purposes))


def skeleton(parts: Parts) -> nnx.GraphDef:
    """The model's structure without its arrays.

    Rebuilt in each trace, because a number that a module holds outside of a Variable is a tracer of that
    trace; a structure carried over from the trace of `init` would leak it.
    """
    found = []

    def create() -> nnx.State:
        graphdef, variables = nnx.split(create_model(parts))
        found.append(graphdef)
        return variables

    jax.eval_shape(create)
    return found[0]


def initialise(parts: Parts, model: nnx.State, data: Data) -> State:
    """The state before the first step of a model on a data set."""
    dtype = data.maximum.dtype
    parameters = nnx.filter_state(model, nnx.Param)
    worst = -jnp.inf if parts.maximise else jnp.inf
    return State(
        model=model,
        optimizer=parts.optimizer.init(parameters),
        order=data.train,  # the first step draws one
        totals={tag: jnp.zeros((), dtype) for tag in step_tags(parts)},
        best=Best(model, jnp.asarray(worst, dtype), jnp.int32(-1), jnp.int32(0)),
        diverged=jnp.int32(-1),
        stopped=jnp.bool_(False),
        ema=None if parts.ema is None else parameters,
        plateau=None if parts.plateau is None else parts.plateau.start(parts.maximise, dtype),
    )


def with_parameters(model: nnx.State, parameters: nnx.State) -> nnx.State:
    """The variables of a model, its parameters replaced by these."""
    return nnx.merge_state(parameters, nnx.filter_state(model, nnx.Not(nnx.Param)))


def alive(state: State) -> jax.Array:
    """Whether the lane still trains."""
    return (state.diverged < 0) & ~state.stopped
