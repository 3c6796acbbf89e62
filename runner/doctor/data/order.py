"""The order in which the epochs visit the training examples."""

import math

import numpy as np

from runner.doctor.checked import Checked, finding, percent

UNLIKELY = 6.0
"""Deviations above chance at which neighbours in an epoch are alike on purpose."""
SORTED, CLUSTERED = 0.3, 0.05
"""Likeness of neighbours, from 0, as chance has it, to 1, that is a problem, or worth a look."""


def check_order(first: np.ndarray, second: np.ndarray, targets: np.ndarray, batch_size: int) -> Checked:
    """Targets that are sorted, or in clusters, as they are visited; and epochs of one order.

    Args:
        first: which examples the first epoch visits, in its order, int [n].
        second: likewise of the second epoch.
        targets: of all examples, classes [N] or numbers [N, k].
        batch_size: examples a step.
    """
    visited, again = targets[first], bool((first == second).all())
    likeness, deviations = _classes(visited) if visited.ndim == 1 else _numbers(visited)
    said = f"neighbours in an epoch are alike as chance has it ({deviations:+.1f} deviations)"
    if batch_size >= len(first):
        return Checked("a batch holds all training examples: their order is nothing")
    if deviations > UNLIKELY and likeness > CLUSTERED:
        grave = "problem" if likeness > SORTED else "warning"
        sentence = (
            f"examples are visited in clusters of like targets: neighbours alike {percent(likeness)} beyond "
            f"chance ({deviations:.0f} deviations)"
        )
        found = finding(
            "not_shuffled",
            grave,
            "sampler",
            sentence,
            "sampler=shuffle",
            likeness=likeness,
            deviations=deviations,
        )
        return Checked(said, [found])
    if again:
        sentence = "every epoch visits the examples in one order, so batches are always the same"
        found = finding("not_shuffled", "remark", "sampler", sentence, "sampler=shuffle", likeness=likeness)
        return Checked(said, [found])
    return Checked(f"every epoch in an order of its own; {said}")


def _classes(labels: np.ndarray) -> tuple[float, float]:
    """How many neighbours are of one class beyond chance, as a share, and in deviations."""
    pairs, counts = len(labels) - 1, np.bincount(labels).astype(float)
    chance = float((counts * (counts - 1)).sum() / (len(labels) * pairs))
    alike = float((labels[1:] == labels[:-1]).mean())
    deviation = math.sqrt(max(chance * (1 - chance), 1e-12) / pairs)
    return (alike - chance) / max(1 - chance, 1e-12), (alike - chance) / deviation


def _numbers(numbers: np.ndarray) -> tuple[float, float]:
    """The correlation of neighbours, and the same in deviations from 0 (Anderson 1942)."""
    centred = numbers[:, 0].astype(float) - numbers[:, 0].mean()
    correlation = float((centred[1:] * centred[:-1]).sum() / max(float(np.square(centred).sum()), 1e-12))
    return correlation, correlation * math.sqrt(len(centred))
