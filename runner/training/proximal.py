"""Proximal steps and projections after the update of any optimizer."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import optax

Number = jax.Array | float
Proximal = Callable[[jax.Array, Number], jax.Array]
Projection = Callable[[jax.Array], jax.Array]


class ProximalState(NamedTuple):
    """The optimizer's own state, and how many updates it has made."""

    optimizer: Any
    done: jax.Array


def proximal(
    optimizer: optax.GradientTransformation,
    schedule: optax.Schedule,
    step_size: Callable[[Any, Any], Any],
    operators: Sequence[Proximal],
) -> optax.GradientTransformation:
    """Takes proximal steps, in their order, after an optimizer's update of the weights (two or more axes).

    `step_size` gives, from the optimizer's state and the scheduled rate, the step that it took: a number or a
    tree like the parameters (ProxGen: Yun, Lozano and Yang 2021). A part of the optimizer rather than of the
    training step, so that whatever decides when it updates decides when these are taken.
    """

    def init(params: Any) -> ProximalState:
        return ProximalState(optimizer.init(params), jnp.int32(0))

    def update(updates: Any, state: Any, params: Any = None) -> tuple[Any, ProximalState]:
        updates, inner = optimizer.update(updates, state.optimizer, params)
        steps = jax.tree.broadcast(step_size(inner, schedule(state.done)), params)

        def move(weight: jax.Array, step: Number) -> jax.Array:
            for operator in operators:
                weight = operator(weight, step)
            return weight

        return _landing(move, updates, params, steps), ProximalState(inner, state.done + 1)

    return optax.GradientTransformation(init, update)


def projected(
    optimizer: optax.GradientTransformation, projections: Sequence[Projection]
) -> optax.GradientTransformation:
    """Projects, in their order, after an optimizer's update of the weights (two or more axes)."""

    def update(updates: Any, state: Any, params: Any = None) -> tuple[Any, Any]:
        updates, state = optimizer.update(updates, state, params)

        def move(weight: jax.Array) -> jax.Array:
            for projection in projections:
                weight = projection(weight)
            return weight

        return _landing(move, updates, params), state

    return optax.GradientTransformation(optimizer.init, update)


def _landing(move: Callable[..., jax.Array], updates: Any, params: Any, *others: Any) -> Any:
    """The updates after which the weights are where `move` puts them; w + (0 - w) is exactly 0."""

    def land(update: jax.Array, weight: jax.Array, *rest: Number) -> jax.Array:
        if weight.ndim < 2:
            return update
        return (move(weight + update, *rest) - weight).astype(update.dtype)

    return jax.tree.map(land, updates, params, *others)
