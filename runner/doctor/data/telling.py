"""Features that tell the target all by themselves: most often they were made from it."""

import numpy as np

from runner.doctor.checked import Checked, finding, percent, skipped
from runner.doctor.sample import told

TELLS = 0.99
"""The accuracy, or the correlation, of one feature from which the target is in it."""
BINS, MOST, FEWEST = 32, 256, 100


def check_telling(columns: np.ndarray, targets: np.ndarray, of: int) -> Checked:
    """Features of training examples from which alone the target can be read.

    A class is read from a feature by the most frequent class in each of its quantiles.

    Args:
        columns: [n, d].
        targets: classes int [n], or numbers [n, k].
        of: how many training examples there are.
    """
    if columns.shape[1] > MOST or len(columns) < FEWEST:
        return skipped(f"it is for tables of at most {MOST} features and at least {FEWEST} examples")
    score = _accuracy if targets.ndim == 1 else _correlation
    scores = np.array([score(column, targets) for column in columns.T])
    best, about = int(scores.argmax()), told(len(columns), of)
    said = f"{about}: no feature alone tells the target (the best, {best}: {percent(scores[best])})"
    if scores[best] < TELLS:
        return Checked(said)
    telling = np.flatnonzero(scores >= TELLS)
    named = ", ".join(map(str, telling[:8]))
    sentence = f"{about}: each of these features alone tells the target ({percent(scores[best])}): {named}"
    numbers = {"features": len(telling), "score": scores[best]}
    return Checked(
        said, [finding("leak", "warning", "inputs", f"{sentence}; was it made from it?", **numbers)]
    )


def _accuracy(column: np.ndarray, labels: np.ndarray) -> float:
    edges = np.unique(np.quantile(column, np.linspace(0, 1, BINS + 1)[1:-1]))
    counts = np.zeros((len(edges) + 1, int(labels.max()) + 1), int)
    np.add.at(counts, (np.searchsorted(edges, column, side="right"), labels), 1)
    # Of a class that has nearly all examples, every feature tells.
    blank = counts.sum(axis=0).max() / len(labels)
    found = counts.max(axis=1).sum() / len(labels)
    return float((found - blank) / (1 - blank)) if blank < 1 else 0.0


def _correlation(column: np.ndarray, numbers: np.ndarray) -> float:
    if not np.ptp(column):
        return 0.0
    changing = numbers[:, np.ptp(numbers, axis=0) > 0]
    found = np.corrcoef(np.column_stack([column, changing]), rowvar=False)[0, 1:]
    return float(np.abs(found).max()) if found.size else 0.0
