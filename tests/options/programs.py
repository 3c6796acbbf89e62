"""Configs traced, or trained for a few steps, without a folder."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import NamedTuple, TypeVar

import jax
import numpy as np
from flax import nnx

from runner.backend import width
from runner.composition import compose
from runner.preparation import Lane, Material, gather, real, trace, with_inputs
from runner.training import program

STEPS = 5
SOUNDLY = {"xla_backend_optimization_level": 1}
"""An option of XLA: at level 0, as most tests are compiled, its CPU backend makes NaNs of some maxima."""
T = TypeVar("T")


class Trained(NamedTuple):
    """What a few steps came to."""

    losses: float
    """The sum of the steps' losses."""
    weights: np.ndarray
    """Every parameter, in one vector."""
    lane: Lane
    """Which numbers were inputs."""


def traced(overrides: Sequence[str]) -> Lane:
    """The lane of a config, once start, advance and assess are traced; nothing is computed."""

    def run(material: Material, lane: Lane) -> Lane:
        trace(material, lane)
        return lane

    return with_lane(overrides, run)


def trained(overrides: Sequence[str]) -> Trained:
    """A few steps of a config; compiled soundly where they came to no number."""
    found = _trained(overrides, None)
    return found if np.isfinite(found.losses) else _trained(overrides, SOUNDLY)


def _trained(overrides: Sequence[str], options: Mapping[str, int] | None) -> Trained:
    def run(material: Material, lane: Lane) -> Trained:
        numbers, data = lane.scalars(real(material.config)), material.data
        # Run as it is: what JAX compiles of it, such as a draw of a shape, the next config needs too.
        state = program.start(lane.build)(numbers, data)
        advance = jax.jit(program.advance(lane.build), compiler_options=options)
        steps = np.int32(0), np.int32(STEPS), np.bool_(True)
        state, record = advance(numbers, state, *steps, data)
        parameters = jax.tree.leaves(nnx.filter_state(state.model, nnx.Param))
        weights = np.concatenate([np.ravel(leaf) for leaf in parameters])
        return Trained(float(record.scalars["train/loss"]), weights.astype(np.float64), lane)

    return with_lane(overrides, run)


def with_lane(overrides: Sequence[str], use: Callable[[Material, Lane], T]) -> T:
    """What `use(material, lane)` returns, for the lane that it can be called with."""
    config = compose(list(overrides))
    with width(config):
        material = gather(config)
        traced = partial(trace, material)
        return with_inputs(config, material.spec, material.plan.total, partial(use, material), traced)
