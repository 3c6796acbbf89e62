"""Reads streamed inputs, several examples at a time and several times at once."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import numpy as np

from runner.data.dataset import DataError
from runner.data.streamed import Inputs, Streamed

BLOCK_BYTES = 2**16
"""What is read at a time: many features, or a few images."""


class _Blocks:
    """A source of Grain's whose elements are blocks of examples."""

    def __init__(self, inputs: Streamed, examples: np.ndarray) -> None:
        self._inputs = inputs
        self._examples = examples
        self._size = max(1, BLOCK_BYTES * len(inputs) // max(1, inputs.nbytes))

    def divide(self, array: np.ndarray) -> list[np.ndarray]:
        """The parts of an array [m, ...] that its blocks belong into."""
        return [array[first : first + self._size] for first in range(0, len(array), self._size)]

    def __len__(self) -> int:
        return -(-len(self._examples) // self._size)

    def __getitem__(self, index: int) -> np.ndarray:
        examples = self._examples[index * self._size : (index + 1) * self._size]
        found = self._inputs[examples]
        expected = (len(examples), *self._inputs.shape[1:])
        if found.shape != expected:
            raise DataError(
                f"inputs[{examples[0]}] and those after it are {found.shape}, expected {expected}"
            )
        _refuse_infinite(found, examples)
        return found


def blocks(inputs: Inputs, examples: np.ndarray) -> Iterator[np.ndarray]:
    """The inputs of some examples [m], in their order, as arrays of some of them each; read ahead by Grain.

    Raises:
        DataError: one cannot be read.
    """
    if not isinstance(inputs, Streamed):
        yield inputs[examples]
        return
    # Imported only where something is streamed: it takes a second.
    import grain

    threads = os.cpu_count() or 1
    source = grain.MapDataset.source(_Blocks(inputs, examples))
    read = source.to_iter_dataset(grain.ReadOptions(num_threads=threads, prefetch_buffer_size=2 * threads))
    with closing(iter(read)) as found:
        yield from found


def fill(inputs: Inputs, examples: np.ndarray, into: np.ndarray) -> None:
    """Reads some examples [m] into the first m rows of an array; raises as `blocks` does."""
    done = 0
    for block in blocks(inputs, examples):
        into[done : done + len(block)] = block
        done += len(block)


def taken(inputs: Inputs, examples: np.ndarray) -> np.ndarray:
    """Some examples [m] as an array [m, ...]; raises as `blocks` does."""
    if not isinstance(inputs, Streamed):
        return inputs[examples]
    found = np.empty((len(examples), *inputs.shape[1:]), inputs.dtype)
    fill(inputs, examples, found)
    return found


def whole(inputs: Streamed) -> np.ndarray:
    """All examples in memory; raises as `blocks` does."""
    every = np.arange(len(inputs))
    source, found = _Blocks(inputs, every), np.empty(inputs.shape, inputs.dtype)
    parts = source.divide(found)
    with ThreadPoolExecutor(os.cpu_count()) as pool:  # decoding needs no Python
        for _ in pool.map(lambda block: np.copyto(parts[block], source[block]), range(len(source))):
            pass
    return found


def _refuse_infinite(found: np.ndarray, examples: np.ndarray) -> None:
    if found.dtype.kind == "f" and not np.isfinite(found).all():
        place = np.argwhere(~np.isfinite(found))[0]
        index = ", ".join(map(str, (examples[place[0]], *place[1:])))
        raise DataError(f"inputs[{index}] is {found[tuple(place)]}, expected a finite number")
