"""Inputs in blocks, and what a run takes for one."""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

import numpy as np

from runner.data.dataset import Column

T = TypeVar("T")

MOST_EXAMPLES, MOST_BYTES = 512, 2**26
"""Of a block, in float32."""


@dataclass(frozen=True)
class Block:
    """Some examples."""

    names: Sequence[int | str]
    """What tells them from the others: numbers of rows, or paths."""
    inputs: np.ndarray
    """[n, ...], as the data set of the run stores them."""


@dataclass(frozen=True)
class Expected:
    """What a run takes for inputs."""

    shape: tuple[int, ...]
    """Of one example."""
    maximum: float
    """Of images, as the data set stores them."""
    columns: tuple[Column, ...]
    """Of the table it was trained on; of anything else none."""
    ignored: frozenset[str]
    """Columns of that table that are no inputs."""

    @property
    def is_image(self) -> bool:
        """Whether an example is [height, width, channels]."""
        return len(self.shape) == 3

    @property
    def block_size(self) -> int:
        """How many examples a block has, the last one apart."""
        return max(1, min(MOST_EXAMPLES, MOST_BYTES // (4 * math.prod(self.shape))))

    @property
    def shown(self) -> str:
        """What an example is, in words."""
        if self.is_image:
            return f"images of {' x '.join(map(str, self.shape))}"
        if len(self.shape) == 1:
            return f"{self.shape[0]} numbers an example"
        return f"arrays {list(self.shape)}"


Reader = Callable[[Expected], Iterator[Block]]
"""Reads the inputs block by block; raises DataError where one does not fit."""


def grouped(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """The items, so many at a time."""
    rest = iter(items)
    while some := list(islice(rest, size)):
        yield some
