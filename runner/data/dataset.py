"""Data sets: what a source returns, and what a run trains on."""

import functools
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from runner.data.streamed import Inputs, Streamed


class DataError(ValueError):
    """Data that cannot be used as asked; the message is one line: what, where, and what would be right."""


@dataclass(frozen=True)
class Plane:
    """Where examples lie whose inputs are functions of two numbers; of one number it is a line."""

    points: np.ndarray
    """float32 [n, 2], of a line [n, 1]."""
    inputs: Callable[[np.ndarray], np.ndarray]
    """From any points [m, 2], or [m, 1], to their inputs [m, d]."""


class Column(NamedTuple):
    """What a column of a table becomes: one of numbers, of categories, or without values and so no input."""

    name: str
    median: float | None = None
    """What stands for a missing number; None where there are no numbers."""
    categories: tuple[str, ...] = ()
    """One input each; none where there are numbers."""
    flagged: bool = False
    """Whether values may be missing: a further input then tells which are."""

    @property
    def has_values(self) -> bool:
        """Whether it becomes inputs."""
        return self.median is not None or bool(self.categories)


@dataclass(frozen=True)
class Source:
    """What the function of a data set returns: all of its examples, in their stored order."""

    inputs: Inputs
    """Images as uint8 [n, height, width, channels], or features as float32 [n, d]; in memory, or streamed."""
    targets: np.ndarray
    """Classes as int32 [n], or numbers as float32 [n, k]."""
    classes: tuple[str, ...] | None
    """The names of the classes; None for regression."""
    maximum: float
    """`inputs / maximum` lies in [0, 1] for images; 1 for features."""
    test: tuple[Inputs, np.ndarray] | None = None
    """Inputs and targets of an official test set, beside the others."""
    notes: tuple[str, ...] = ()
    """What was done to the data that its files do not say, a line each."""
    plane: Plane | None = None
    """Of data without an official test set. Two features are a plane without it."""
    groupings: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    """Tasks beside the classes: by name, the group of each class, counted from 0."""
    columns: tuple[Column, ...] = ()
    """Of a table, what its columns became; nothing else has any."""


@dataclass(frozen=True)
class Dataset:
    """Examples and three disjoint splits of them, each int32 indices; targets are in memory in any case."""

    inputs: Inputs
    targets: np.ndarray
    train: np.ndarray
    val: np.ndarray
    test: np.ndarray
    classes: tuple[str, ...] | None
    maximum: float
    notes: tuple[str, ...] = ()
    drawn_from: Plane | None = None
    groupings: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    columns: tuple[Column, ...] = ()
    room: int = 0
    """Bytes that streamed inputs may take on the device."""
    fitted: np.ndarray | None = None
    """The training examples that preprocessing is fitted to, int32 indices; None: all of them."""

    @property
    def plane(self) -> Plane | None:
        """The plane that the examples lie in; None where there is none, or they are streamed."""
        inputs = self.inputs
        if self.drawn_from is not None or isinstance(inputs, Streamed) or inputs.shape[1:] != (2,):
            return self.drawn_from
        return Plane(inputs, lambda points: points)

    @property
    def input_shape(self) -> tuple[int, ...]:
        """The shape of one example."""
        return self.inputs.shape[1:]

    @property
    def outputs(self) -> int:
        """How many classes, or how many numbers an example's target has."""
        return self.targets.shape[1] if self.classes is None else len(self.classes)

    @property
    def is_image(self) -> bool:
        """Whether an example is [height, width, channels]."""
        return self.inputs.ndim == 4

    @functools.cached_property
    def fingerprint(self) -> str:
        """A hash of every example, target and split: 16 hexadecimal digits.

        Streamed inputs are not read for it: what they are read from is hashed.
        """
        digest = hashlib.blake2b(digest_size=8)
        for array in (self.inputs, self.targets, self.train, self.val, self.test):
            digest.update(f"{array.dtype}{array.shape}".encode())
            digest.update(_contents(array))
        return digest.hexdigest()


def _contents(array: Inputs) -> bytes | memoryview:
    return array.origin().encode() if isinstance(array, Streamed) else np.ascontiguousarray(array).data
