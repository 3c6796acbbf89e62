"""A learning rate that falls when the objective on val no longer improves."""

from typing import NamedTuple

import jax
import jax.numpy as jnp
from jax.typing import DTypeLike

Number = jax.Array | float


class PlateauState(NamedTuple):
    """What a lane knows of its evaluations."""

    scale: jax.Array
    """What the learning rate is multiplied by now."""
    best: jax.Array
    stale: jax.Array
    """Evaluations without a better objective since the last that had one, or since the last reduction."""
    resting: jax.Array
    """Evaluations still to come that are not counted."""


class Plateau(NamedTuple):
    """A constant schedule whose value is multiplied by `factor` after `patience` evaluations in vain.

    As `optax.contrib.reduce_on_plateau`, whose factor cannot be traced: any improvement counts, evaluations
    of the `cooldown` after a reduction are not counted, and the scale never falls below `min_scale`.
    """

    value: Number
    factor: Number
    patience: int
    cooldown: int = 0
    min_scale: Number = 0.0

    def __call__(self, step: jax.typing.ArrayLike) -> Number:
        """The rate before it is scaled."""
        return self.value

    def start(self, maximise: bool, dtype: DTypeLike) -> PlateauState:
        """The state before the first evaluation."""
        worst = jnp.asarray(-jnp.inf if maximise else jnp.inf, dtype)
        return PlateauState(jnp.ones((), dtype), worst, jnp.int32(0), jnp.int32(0))

    def watch(self, state: PlateauState, objective: jax.Array, maximise: bool) -> PlateauState:
        """The state after an evaluation."""
        better = objective > state.best if maximise else objective < state.best
        stale = jnp.where(better | (state.resting > 0), 0, state.stale + 1)
        reduced = stale >= self.patience
        scale = jnp.where(reduced, jnp.maximum(state.scale * self.factor, self.min_scale), state.scale)
        return PlateauState(
            scale.astype(state.scale.dtype),
            jnp.where(better, objective, state.best).astype(state.best.dtype),
            jnp.where(reduced, 0, stale),
            jnp.where(reduced, self.cooldown, jnp.maximum(state.resting - 1, 0)),
        )
