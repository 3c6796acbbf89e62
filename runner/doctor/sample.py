"""Samples of large data: what a check looks at where it would take too long to look at everything."""

from dataclasses import replace

import numpy as np

from runner.data.dataset import Dataset

TRAIN, HELD_OUT = 10_000, 1_000
"""Examples of the training split, and of val and of test, that the slower checks look at."""
AT_ONCE = 32
"""Examples that the programs of a sample can evaluate at once, at least."""


def some(indices: np.ndarray, count: int) -> np.ndarray:
    """At most `count` of the indices, in their order: always the same ones."""
    if len(indices) <= count:
        return indices
    chosen = np.random.default_rng(0).choice(len(indices), count, replace=False)
    return indices[np.sort(chosen)]


def sample_of(dataset: Dataset, train: int) -> Dataset:
    """The data set with at most so many training examples, and `HELD_OUT` of val and of test.

    Programs are compiled for the longer of both: where both are tiny, test is repeated.
    """
    val, test = (some(split, HELD_OUT) for split in (dataset.val, dataset.test))
    longer = np.resize(test, max(len(test), AT_ONCE))
    return replace(dataset, train=some(dataset.train, train), val=val, test=longer)


def told(looked_at: int, there: int, noun: str = "training examples") -> str:
    """`of 1,438 training examples`, or which part of them was looked at."""
    if looked_at == there:
        return f"{there:,} {noun}"
    return f"a sample of {looked_at:,} of {there:,} {noun}"
