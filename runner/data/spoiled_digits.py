"""Digits with faults that data sets have."""

from dataclasses import replace

import numpy as np

from runner.data.dataset import Source
from runner.data.digits import digits


def spoiled_digits(*, kept: float, copies: float) -> Source:
    """`digits` with fewer of the upper half of the classes, and with examples that are there twice.

    Args:
        kept: the share of the digits 5 to 9 that are kept, at least three of each.
        copies: the share of the examples then left that are repeated, and so may lie in two splits.

    Raises:
        DataError: as `digits` does.
    """
    source = digits()
    inputs, labels = np.asarray(source.inputs), source.targets
    rank = np.empty(len(labels), int)
    for label in range(10):
        places = np.flatnonzero(labels == label)
        rank[places] = np.arange(len(places))
    counts = np.bincount(labels)
    left = np.flatnonzero((labels < 5) | (rank < np.maximum(kept * counts[labels], 3)))
    again = np.random.default_rng(0).permutation(left)[: round(copies * len(left))]
    chosen = np.concatenate([left, again])
    return replace(source, inputs=inputs[chosen], targets=labels[chosen])
