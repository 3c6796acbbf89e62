"""Decides whether the inputs of a data set are held in memory or streamed."""

from dataclasses import replace

import numpy as np

from runner.data.dataset import DataError, Dataset
from runner.data.reading import whole
from runner.data.streamed import Streamed

MOST_FITTED, FITTED_BYTES = 10_000, 2**28
"""Streamed training examples that preprocessing is fitted to, at most."""


def hold(dataset: Dataset, memory: float | None, room: int, split_seed: int) -> Dataset:
    """The data set, its inputs in memory if they take at most `memory` GB; where that is None, `room` bytes.

    Inputs that take more stay streamed, and the notes say so. Preprocessing is then fitted to a sample of the
    training split, where that is too large to be read for it.

    Raises:
        DataError: an example cannot be read, or `memory` is given and the data set is in memory anyway.
    """
    inputs = dataset.inputs
    if not isinstance(inputs, Streamed):
        if memory is None:
            return dataset
        raise DataError(f"dataset.memory={memory:g}: this data set is always held in memory; leave it null")
    allowed = room if memory is None else round(memory * 1e9)
    if inputs.nbytes <= allowed:
        return replace(dataset, inputs=whole(inputs))
    notes = [f"streamed: the inputs take {_shown(inputs.nbytes)}, and dataset.memory is {_shown(allowed)}"]
    fitted = _sample(dataset.train, FITTED_BYTES * len(inputs) // inputs.nbytes, split_seed)
    if len(fitted) < len(dataset.train):
        notes.append(f"preprocessing sees a sample: {len(fitted)} of {len(dataset.train)} training examples")
    return replace(dataset, room=allowed, fitted=fitted, notes=(*dataset.notes, *notes))


def _sample(train: np.ndarray, fitting: int, split_seed: int) -> np.ndarray:
    most = max(1, min(MOST_FITTED, fitting))
    if len(train) <= most:
        return train
    return np.sort(np.random.default_rng([split_seed, 2]).choice(train, most, replace=False))


def _shown(size: int) -> str:
    return f"{size / 1e9:.3g} GB"
