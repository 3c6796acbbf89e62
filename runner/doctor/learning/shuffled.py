"""Whether anything can be known of val where nothing can be known: a leak."""

import math

import numpy as np

from runner.doctor.checked import Checked, finding
from runner.doctor.learning.course import Course

REHEARSED = 256
"""Examples that are learned by heart."""
DEVIATIONS = 4.0
"""Standard errors above chance that are no chance."""


def grouped(content: np.ndarray, near: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
    """A number of each example, the same for examples that are equal or near-copies.

    Args:
        content: the same for examples that are equal, int [N].
        near: pairs of near-copies: indices of examples, and of those that they are near to.
    """
    groups = content.copy()
    for own, other in zip(*near, strict=True):
        groups[groups == groups[own]] = groups[other]
    return groups


def shuffle_targets(targets: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """Targets shuffled over groups of examples, so that what an input is says nothing of its target.

    Examples of a group still have one target: who has learned one of them by heart knows the others.
    """
    _, first, members = np.unique(groups, return_index=True, return_inverse=True)
    order = np.random.default_rng(0).permutation(len(first))
    return targets[first[order[members]]]


def rehearsed(train: np.ndarray, val: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """Training examples to learn by heart, int [at most REHEARSED]: first those with a copy in val."""
    shared = np.isin(groups[train], groups[val])
    return train[np.argsort(~shared, kind="stable")][:REHEARSED]


def check_shuffled(course: Course, targets: np.ndarray) -> Checked:
    """How well a model trained on shuffled targets does on val, whose targets are shuffled with them.

    Args:
        course: the training, whose outputs are those for val.
        targets: of val, shuffled: classes [m], or numbers [m, k].
    """
    score, chance, error = _classes(course, targets) if targets.ndim == 1 else _numbers(course, targets)
    said = f"{course.done} steps on shuffled targets: {score:.3f} on val, chance is {chance:.3f}"
    if score <= chance + DEVIATIONS * error or course.diverged >= 0:
        return Checked(said)
    sentence = f"{said}: val can be known from train without anything to know; they share examples"
    numbers = {"score": score, "chance": chance, "steps": course.done}
    return Checked(said, [finding("leak", "problem", "val", sentence, None, course.done, **numbers)])


def _classes(course: Course, labels: np.ndarray) -> tuple[float, float, float]:
    """Accuracy, the best that chance can do, and its standard error."""
    chance = float(np.bincount(labels).max() / len(labels))
    score = float((course.outputs.argmax(axis=1) == labels).mean())
    return score, chance, math.sqrt(chance * (1 - chance) / len(labels)) or 1.0


def _numbers(course: Course, targets: np.ndarray) -> tuple[float, float, float]:
    """The correlation of outputs and targets, 0, and its standard error."""
    outputs, numbers = (values - values.mean(axis=0) for values in (course.outputs, targets))
    sizes = np.sqrt(float(np.square(outputs).sum()) * float(np.square(numbers).sum()))
    return float((outputs * numbers).sum() / max(sizes, 1e-30)), 0.0, 1 / math.sqrt(numbers.size)
