"""The parts of one experiment, built for one lane."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import jax
import numpy as np
import optax
from flax import nnx

from runner.objectives.tasks import Task

Numbers = Mapping[str, jax.Array | np.ndarray]
"""The inputs of a run by config key: scalars in one lane, [lanes] in a program."""


class Parts(NamedTuple):
    """What `build(numbers)` returns: functions that may hold traced numbers, good for one trace only."""

    key: jax.Array
    model: Callable[[nnx.Rngs], nnx.Module]
    optimizer: optax.GradientTransformation
    evaluated: Callable[[Any, Any], Any]
    """The optimizer's state and the parameters -> the parameters that are evaluated."""
    schedule: optax.Schedule
    loss: Callable[[jax.Array, jax.Array], jax.Array]
    soften: Callable[[jax.Array], jax.Array]
    penalties: Mapping[str, Callable[[list[jax.Array]], jax.Array]]
    measures: Mapping[str, Callable[[list[jax.Array]], jax.Array]]
    augmentations: Mapping[str, Callable[[jax.Array, jax.Array, jax.Array], tuple[jax.Array, jax.Array]]]
    sampler: Callable[[jax.Array, jax.Array], jax.Array]
    signals: Callable[[Any, Any, Any], dict[str, jax.Array]]
    task: Task
    batch_size: int
    objective: str
    maximise: bool
    patience: int | None


Build = Callable[[Numbers], Parts]
