"""A short course of training that only looks at losses."""

from collections.abc import Callable
from typing import NamedTuple, Protocol

import jax
import numpy as np

from runner.interruption import Interruption
from runner.memory import out_of_memory
from runner.preparation import Prepared
from runner.states import initial_state, padded
from runner.training.loop import Chunk, train
from runner.training.state import State


class Watch(NamedTuple):
    """Who follows a course: may interrupt it, and is told how many steps have been taken."""

    interruption: Interruption
    move: Callable[[int], None]


UNWATCHED = Watch(Interruption(), lambda step: None)


class Follow(Protocol):
    """Takes each chunk of a course; whether the course should end."""

    def __call__(self, chunk: Chunk, /) -> bool: ...


def take_course(prepared: Prepared, lanes: int, follow: Follow, watch: Watch) -> None:
    """Trains the first `lanes` lanes from the start by the plan of the material.

    Raises KeyboardInterrupt where it was interrupted, OutOfMemoryError, or as `initial_state` does.
    """
    plan = prepared.material.plan
    with out_of_memory():
        state = padded(prepared, initial_state(prepared), lanes)
        train(
            prepared.programs,
            prepared.numbers,
            state,
            prepared.supply,
            plan,
            0,
            plan.total,
            prepared.val,
            _Observer(follow, watch),
        )
    if watch.interruption.asked:
        raise KeyboardInterrupt


class _Observer(NamedTuple):
    follow: Follow
    watch: Watch

    def begin(self, signals: jax.Array | None) -> None:
        """Nothing is looked at."""

    def observe(self, chunk: Chunk) -> bool:
        self.watch.move(chunk.step)
        return self.follow(chunk)

    def wants_state(self, step: int) -> bool:
        return self.watch.interruption.asked

    def keep(self, step: int, state: State) -> bool:
        return self.watch.interruption.asked


def mean_loss(chunk: Chunk, steps: int) -> np.ndarray:
    """[lanes]: the training loss averaged over the `steps` steps since the last record."""
    return np.asarray(chunk.record.scalars["train/loss"], float) / steps


def untrained(prepared: Prepared) -> float:
    """The value of the objective on val before the first step."""
    with out_of_memory():
        state = initial_state(prepared)
        data = prepared.supply.evaluation(prepared.val)
        found = prepared.programs.assess(
            prepared.numbers, state, np.int32(0), np.bool_(False), *prepared.val, data
        )
        return float(np.asarray(found.verdict.scalars[prepared.material.objective])[0])
