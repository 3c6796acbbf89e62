"""What the parts of a run need to know of the data, without the data."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from runner.data.dataset import Column, Dataset


class Spec(NamedTuple):
    """What is known of a data set."""

    input_shape: tuple[int, ...]
    outputs: int
    classes: tuple[str, ...] | None
    maximum: float
    train_size: int
    class_counts: tuple[int, ...] | None = None
    """Of the training split; None where there are no classes."""
    groupings: Mapping[str, Sequence[int]] = {}
    columns: tuple[Column, ...] = ()
    """Of a table; nothing else has any."""


def specify(dataset: Dataset) -> Spec:
    """The spec of a data set."""
    counts = None
    if dataset.classes is not None:
        found = np.bincount(dataset.targets[dataset.train], minlength=dataset.outputs)
        counts = tuple(found.tolist())
    size = len(dataset.train)
    return Spec(
        dataset.input_shape,
        dataset.outputs,
        dataset.classes,
        dataset.maximum,
        size,
        counts,
        dataset.groupings,
        dataset.columns,
    )
