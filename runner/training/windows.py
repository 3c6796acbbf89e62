"""Which examples a window of streamed data holds: of the next steps of all lanes, or of an evaluation."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from runner.training.batches import Indices
from runner.training.plan import Plan

WINDOWS = 3
"""That lie in memory: one that the device computes with, one that it goes on to, and one that is read."""
WINDOW_BYTES = 2**28
"""A larger window only keeps the first step waiting."""

Order = Callable[[int], np.ndarray]
"""From an epoch to the examples that each lane visits in it, int32 [lanes, n]."""


class Need(NamedTuple):
    """What a window is for: `first` to before `last`, of steps or of batches, and the examples they take."""

    first: int
    last: int
    examples: np.ndarray
    """Ascending."""


class Windows(NamedTuple):
    """How a data set is divided into windows."""

    rows: int
    """Examples in a window, at most; as many as a step of all lanes takes, at least."""
    examples: int
    """In the data set."""
    train: np.ndarray
    """The examples that train."""
    batch_size: int

    def of_training(self, order: Order, plan: Plan, first: int, last: int, val: Indices) -> Iterator[Need]:
        """From step `first` to step `last`, and those of the evaluations among them, each where it is due."""
        step = first
        while step < last:
            epoch, position = divmod(step, plan.per_epoch)
            end = step - position + plan.per_epoch
            visited = order(epoch)[:, position * self.batch_size :]
            while step < min(last, end):
                until = min(last, end, plan.next_evaluation(step))
                steps, examples = self._fitting(visited, until - step)
                yield Need(step, step + steps, examples)
                step, visited = step + steps, visited[:, steps * self.batch_size :]
                if plan.evaluates(step):
                    yield from self.of_evaluation(val)

    def of_evaluation(self, indices: Indices) -> Iterator[Need]:
        """The batches of a split that have examples that count."""
        padded, batches = np.asarray(indices.padded), batches_of(indices)
        at_once = self.rows // padded.shape[1]
        for first in range(0, batches, at_once):
            last = min(first + at_once, batches)
            yield Need(first, last, np.unique(padded[first:last]))

    def _fitting(self, visited: np.ndarray, most: int) -> tuple[int, np.ndarray]:
        """How many of the steps that visit these examples fit, up to `most`, and the examples they take."""
        if len(self.train) <= self.rows:
            return most, self.train
        steps, held = 0, np.zeros(self.examples, bool)
        while steps < most:
            # So many more fit even if lanes have no example in common; beyond that, one step at a time.
            sure = (self.rows - int(held.sum())) // (len(visited) * self.batch_size)
            until, wider = min(most, steps + max(1, sure)), held.copy()
            wider[visited[:, steps * self.batch_size : until * self.batch_size]] = True
            if wider.sum() > self.rows:
                break
            steps, held = until, wider
        return steps, np.flatnonzero(held)


def batches_of(indices: Indices) -> int:
    """How many batches of a split have examples that count."""
    return -(-int(indices.size) // indices.padded.shape[1])


def rows_of(room: int, each: int, least: int) -> int:
    """How many inputs of `each` bytes a window has: as many as let WINDOWS fit into `room`, or `least`."""
    return max(least, min(room // WINDOWS, WINDOW_BYTES) // each)
