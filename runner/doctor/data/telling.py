"""Features that tell the target all by themselves: most often they were made from it."""

import numpy as np

from runner.doctor.checked import Checked, finding, percent, skipped
from runner.doctor.sample import told

TELLS = 0.97
"""The likeness of neighbours by one feature, or its correlation, from which the target is in it."""
MOST, FEWEST = 256, 100


def check_telling(columns: np.ndarray, targets: np.ndarray, of: int) -> Checked:
    """Features of training examples from which alone the target can be read.

    Classes can where examples that are neighbours by the feature are of one class.

    Args:
        columns: [n, d].
        targets: classes int [n], or numbers [n, k].
        of: how many training examples there are.
    """
    if columns.shape[1] > MOST or len(columns) < FEWEST:
        return skipped(f"it is for tables of at most {MOST} features and at least {FEWEST} examples")
    score = _likeness if targets.ndim == 1 else _correlation
    scores = np.array([score(column, targets) for column in columns.T])
    best, about = int(scores.argmax()), told(len(columns), of)
    said = f"{about}: no feature alone tells the target (the best, {best}: {percent(scores[best])})"
    if scores[best] < TELLS:
        return Checked(said)
    telling = np.flatnonzero(scores >= TELLS)
    named = ", ".join(map(str, telling[:8]))
    sentence = f"{about}: each of these features alone tells the target (at {percent(scores[best])}): {named}"
    numbers = {"features": len(telling), "score": scores[best]}
    return Checked(
        said, [finding("leak", "warning", "inputs", f"{sentence}; was it made from it?", **numbers)]
    )


def _likeness(column: np.ndarray, labels: np.ndarray) -> float:
    """How often neighbours by the feature are of one class, 0 as chance has it and 1 always."""
    shuffled = np.random.default_rng(0).permutation(len(labels))  # equal values are in no order
    ordered = labels[shuffled[np.argsort(column[shuffled], kind="stable")]]
    chance = float(np.square(np.bincount(labels) / len(labels)).sum())
    alike = float((ordered[1:] == ordered[:-1]).mean())
    return (alike - chance) / (1 - chance) if chance < 1 else 0.0


def _correlation(column: np.ndarray, numbers: np.ndarray) -> float:
    if not np.ptp(column):
        return 0.0
    changing = numbers[:, np.ptp(numbers, axis=0) > 0]
    found = np.corrcoef(np.column_stack([column, changing]), rowvar=False)[0, 1:]
    return float(np.abs(found).max()) if found.size else 0.0
