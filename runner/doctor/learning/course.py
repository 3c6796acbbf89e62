"""A short training, watched."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

import jax
import numpy as np

from runner.preparation import Prepared
from runner.training.batches import Data, Indices
from runner.training.state import State

MOST_STEPS, FEWEST_STEPS = 400, 60
BUDGET = 1.6e11
"""Floating-point operations of a short training: a few seconds of a small CPU."""
STILL_FALLING = 0.9
"""A training whose loss ends below this share of that of its middle was not over."""


class Course(NamedTuple):
    """What a short training came to."""

    steps: list[int]
    """Where it was looked at."""
    losses: list[float]
    """Mean training losses since the look before."""
    train: dict[str, float]
    """Training metrics since the last look but one."""
    watched: dict[str, float]
    """Metrics of the examples watched, at the end."""
    outputs: np.ndarray
    """Those examples' outputs [n, k]."""
    diverged: int
    """The first step whose loss was not finite; -1 where all were."""
    state: State

    @property
    def done(self) -> int:
        """How many steps were taken."""
        return self.steps[-1]

    @property
    def still_falling(self) -> bool:
        """Whether the loss fell much in the second half."""
        middle = self.losses[(len(self.losses) - 1) // 2]
        return len(self.losses) > 2 and self.losses[-1] < STILL_FALLING * middle


Enough = Callable[[dict[str, float], dict[str, float]], bool]
"""Of the training metrics and the metrics of the examples watched, whether there is no need to go on."""


def step_budget(prepared: Prepared) -> int:
    """How many steps a short training may take; the same on every machine."""
    return int(np.clip(BUDGET / max(prepared.programs.flops, 1.0), FEWEST_STEPS, MOST_STEPS))


def teach(
    prepared: Prepared,
    data: Data,
    watched: np.ndarray,
    steps: int,
    every: int,
    enough: Enough = lambda train, watched: False,
    changes: Mapping[str, float | int] | None = None,
) -> Course:
    """Trains an untrained model for so many steps, or until it is enough.

    Args:
        prepared: the programs.
        data: shaped like the prepared data.
        watched: the examples to evaluate on, int [at most those of val].
        steps: at most so many; a schedule ends there.
        every: how often it is looked at, in steps.
        enough: asked at every look.
        changes: other values of numbers of the config, by key.
    """
    programs, numbers = prepared.programs, _changed(prepared, {"steps": steps, **(changes or {})})
    state, indices = programs.start(numbers, data), _padded(prepared, watched)
    done, course = 0, Course([], [], {}, {}, np.zeros((0, 0)), -1, state)
    while done < steps and course.diverged < 0:
        count = min(every, steps - done)
        arguments = (np.int32(done), np.int32(count), np.bool_(True), data)
        state, record = programs.advance(numbers, state, *arguments)
        done += count
        assessed = programs.assess(numbers, state, np.int32(done), np.bool_(False), *indices, data)
        record, found, outputs = jax.device_get((record, assessed.verdict, assessed.outputs))
        train = {tag.removeprefix("train/"): float(total[0]) / count for tag, total in record.scalars.items()}
        metrics = {name: float(value[0]) for name, value in found.scalars.items()}
        course = Course(
            [*course.steps, done],
            [*course.losses, train["loss"]],
            train,
            metrics,
            outputs[0][: len(watched)],
            int(max(record.diverged[0], found.diverged[0])),
            state,
        )
        if enough(train, metrics):
            break
    return course


def _changed(prepared: Prepared, changes: Mapping[str, float | int]) -> dict[str, np.ndarray]:
    numbers = {key: np.asarray(value) for key, value in prepared.numbers.items()}
    return numbers | {key: np.full_like(numbers[key], to) for key, to in changes.items() if key in numbers}


def _padded(prepared: Prepared, watched: np.ndarray) -> Indices:
    shape = prepared.val.padded.shape
    padded = np.zeros(shape, np.int32).ravel()
    padded[: len(watched)] = watched
    return Indices(padded.reshape(shape), np.int32(len(watched)))
