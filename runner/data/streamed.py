"""Inputs that stay where they are stored and are read as they are needed."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Streamed:
    """Inputs [n, ...] of which only those that are indexed are read, by any thread."""

    shape: tuple[int, ...]
    """[n, ...]."""
    dtype: np.dtype
    read: Callable[[np.ndarray], np.ndarray]
    """From integer indices [m] to those examples [m, ...]; raises DataError where one cannot be read."""
    origin: Callable[[], str]
    """Tells what they are read from apart from anything else, without reading it."""

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, examples: np.ndarray) -> np.ndarray:
        return self.read(examples)

    @property
    def ndim(self) -> int:
        """How many axes the inputs have; the first is that of the examples."""
        return len(self.shape)

    @property
    def nbytes(self) -> int:
        """What all of them would take in memory."""
        return math.prod(self.shape) * self.dtype.itemsize


Inputs = np.ndarray | Streamed


def joined(first: Inputs, second: Inputs) -> Inputs:
    """The examples of one, then those of the other; both are in memory or both are streamed."""
    if isinstance(first, Streamed) and isinstance(second, Streamed):
        return _joined(first, second)
    return np.concatenate([np.asarray(first), np.asarray(second)])


def _joined(first: Streamed, second: Streamed) -> Streamed:
    before = len(first)

    def read(examples: np.ndarray) -> np.ndarray:
        late = examples >= before
        found = np.empty((len(examples), *first.shape[1:]), first.dtype)
        for part, chosen, start in ((first, ~late, 0), (second, late, before)):
            if chosen.any():
                found[chosen] = part[examples[chosen] - start]
        return found

    shape = (before + len(second), *first.shape[1:])
    return Streamed(shape, first.dtype, read, lambda: f"{first.origin()}\n{second.origin()}")
