"""Train, val and test: stratified, disjoint, and fixed by a seed of their own."""

import numpy as np

from runner.data.dataset import DataError, Dataset, Source
from runner.data.streamed import joined


def split(
    source: Source,
    *,
    split_seed: int,
    subset: int | None,
    label_noise: float,
    val_fraction: float,
    test_fraction: float,
) -> Dataset:
    """Splits the examples of a source.

    Every class has its share of each split, to the example. An official test set stays the test set; val
    is taken from the rest. `subset` trains on so many examples only, stratified too, and a smaller subset
    lies inside a larger one. `label_noise` is the share of training labels that become another class,
    drawn from a stream of its own: noise never moves an example to another split.

    Raises:
        DataError: a split would be empty, the subset is larger than the training data, or label noise is
            asked of a regression.
    """
    order, noise = (np.random.default_rng([split_seed, stream]) for stream in (0, 1))
    strata = source.targets if source.classes is not None else np.zeros(len(source.targets), np.int32)
    spread = _spread(strata, order)
    inputs, targets = source.inputs, source.targets
    if source.test is None:
        test, spread = _take(spread, test_fraction, len(strata))
    else:
        test = np.arange(len(inputs), len(inputs) + len(source.test[0]))
        inputs = joined(inputs, source.test[0])
        targets = np.concatenate([targets, source.test[1]])
    val, train = _take(spread, val_fraction, len(strata))
    train = _subset(train, subset)
    _refuse_empty(len(source.inputs), train=train, val=val, test=test)
    targets = _noised(targets, train, label_noise, source, noise)
    train, val, test = (np.sort(part).astype(np.int32) for part in (train, val, test))
    about = (source.classes, source.maximum, source.notes, source.plane, source.groupings, source.columns)
    return Dataset(inputs, targets, train, val, test, *about)


def _spread(strata: np.ndarray, random: np.random.Generator) -> np.ndarray:
    # An order in which every prefix has each class in its share: example i of a class of size m stands at
    # the fraction (i + 1/2) / m, and ties between classes fall at random.
    shuffled = random.permutation(len(strata))
    _, inverse, counts = np.unique(strata[shuffled], return_inverse=True, return_counts=True)
    by_class = np.argsort(inverse, kind="stable")
    rank = np.empty(len(strata))
    rank[by_class] = np.arange(len(strata)) - np.repeat(np.cumsum(counts) - counts, counts)
    return shuffled[np.argsort((rank + 0.5) / counts[inverse], kind="stable")]


def _take(spread: np.ndarray, fraction: float, total: int) -> tuple[np.ndarray, np.ndarray]:
    size = round(fraction * total)
    return spread[:size], spread[size:]


def _subset(train: np.ndarray, subset: int | None) -> np.ndarray:
    if subset is not None and subset > len(train):
        raise DataError(f"subset={subset}: there are {len(train)} training examples")
    return train[:subset]


def _refuse_empty(size: int, **splits: np.ndarray) -> None:
    for name, indices in splits.items():
        if len(indices) == 0:
            raise DataError(f"{size} examples leave none for {name}; change val_fraction or test_fraction")


def _noised(
    targets: np.ndarray, train: np.ndarray, share: float, source: Source, random: np.random.Generator
) -> np.ndarray:
    if share == 0:
        return targets
    if source.classes is None:
        raise DataError(f"label_noise={share}: this data set has numbers for targets, not classes")
    # One order for every share: the labels that are wrong at 0.1 are wrong at 0.2 too.
    wrong = random.permutation(np.sort(train))[: round(share * len(train))]
    shift = random.integers(1, len(source.classes), len(train))[: len(wrong)]
    noised = targets.copy()
    noised[wrong] = (noised[wrong] + shift) % len(source.classes)
    return noised
