"""The parts of one experiment, built for one lane."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

import jax
import numpy as np
import optax
from flax import nnx

from runner.diagnostics.observed import Observed, Signals
from runner.objectives.tasks import Task
from runner.training.plateau import Plateau

EMA = "ema/"
"""What the metrics of averaged weights begin with, after their split."""

Number = jax.Array | float
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
    plateau: Plateau | None
    """Where the schedule goes by evaluations: what decides by how much it is scaled."""
    loss: Callable[[jax.Array, jax.Array], jax.Array]
    soften: Callable[[jax.Array], jax.Array]
    class_weights: jax.Array | None
    """[classes]; None where all examples count alike."""
    penalties: Mapping[str, Callable[[list[jax.Array]], jax.Array]]
    measures: Mapping[str, Callable[[list[jax.Array]], jax.Array]]
    augmentations: Mapping[str, Callable[..., tuple[jax.Array, jax.Array]]]
    """Functions of a key, inputs, targets, and the pool of that name where the data has one."""
    given: Callable[[jax.Array, jax.Array], tuple[jax.Array, ...]]
    """Inputs and targets of a training batch -> what the network is called with."""
    respond: Callable[[Any, jax.Array, jax.Array], jax.Array]
    """The network, inputs and targets -> the outputs [b, k] that metrics are taken of."""
    sampler: Callable[[jax.Array, jax.Array], jax.Array]
    signals: Callable[[Observed], Signals]
    task: Task
    classes: Sequence[str]
    """Names of the classes, of the first outputs, whose losses are told apart."""
    batch_size: int
    accumulate: int
    """Micro-batches in a batch."""
    ema: Number | None
    """Decay of the averaged weights; None where they are not kept."""
    objective: str
    maximise: bool
    patience: int | None


class Build(Protocol):
    """Builds the parts of a lane."""

    def __call__(self, numbers: Numbers, rate_scale: Number = 1.0, /) -> Parts:
        """The parts with these numbers; `rate_scale` is what a plateau has left of the learning rate."""
        ...
