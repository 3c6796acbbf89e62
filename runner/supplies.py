"""Puts a data set where the programs find it: all of it on the device, or a window at a time."""

import math
from collections.abc import Callable
from functools import partial

import jax
import numpy as np
from jax.typing import DTypeLike

from runner.data.dataset import Dataset
from runner.data.reading import fill, taken
from runner.data.streamed import Streamed
from runner.errors import ConfigError
from runner.instantiation import blaming
from runner.memory import free_bytes
from runner.training.batches import Data, place
from runner.training.lanes import Layout
from runner.training.parts import Build
from runner.training.program import PREVIEWED
from runner.training.streaming import Stream
from runner.training.supply import Resident, Supply
from runner.training.windows import WINDOWS, rows_of

EVALUATION_BATCH = 512


def place_with(
    dataset: Dataset, preprocessing: tuple[Callable[[jax.Array], jax.Array], ...], dtype: DTypeLike
) -> Data:
    """A data set on the device; of one that is streamed, the training examples that `preview` shows.

    Raises ConfigError where they cannot be read.
    """
    inputs, rows = dataset.inputs, None
    if isinstance(inputs, Streamed):
        shown = dataset.train[:PREVIEWED]
        rows = np.zeros(len(inputs), np.int32)
        rows[shown] = np.arange(len(shown))
        with blaming("dataset"):
            inputs = taken(inputs, shown)
    return place(inputs, dataset.targets, dataset.train, dataset.maximum, preprocessing, dtype, rows)


def supply_of(dataset: Dataset, data: Data, build: Build, batch_size: int, layout: Layout) -> Supply:
    """What gives the programs of lanes their data; `data` is what `place_with` made, where the lanes are.

    Raises ConfigError if a step takes more examples than there is room for.
    """
    inputs = dataset.inputs
    if not isinstance(inputs, Streamed):
        return Resident(data, layout)
    each = math.prod(dataset.input_shape) * data.inputs.dtype.itemsize
    _refuse_large(batch_size, each, free_bytes(layout.devices[0]))
    step = min(layout.lanes * batch_size, len(dataset.train))
    rows = rows_of(dataset.room, each, max(step, _evaluation_batch(dataset)))
    return Stream(build, data, partial(fill, inputs), rows, batch_size, layout)


def pad(split: np.ndarray, dataset: Dataset) -> np.ndarray:
    """The indices of a split [batches, b], padded so that val and test share a program."""
    size = _evaluation_batch(dataset)
    longest = max(len(dataset.val), len(dataset.test))
    padded = np.zeros(-(-longest // size) * size, np.int32)
    padded[: len(split)] = split
    return padded.reshape(-1, size)


def _evaluation_batch(dataset: Dataset) -> int:
    # Val is evaluated over and over, test once: batches are as small as hold val in as few as can be.
    batches = -(-len(dataset.val) // EVALUATION_BATCH)
    return -(-len(dataset.val) // batches)


def _refuse_large(batch_size: int, each: int, free: int) -> None:
    if WINDOWS * batch_size * each > free:
        raise ConfigError(
            f"batch_size={batch_size}: of streamed data {WINDOWS} batches lie in memory at a time; they take "
            f"{WINDOWS * batch_size * each / 1e9:.3g} GB of {free / 1e9:.3g} GB; "
            f"use at most {free // (WINDOWS * each)}"
        )
