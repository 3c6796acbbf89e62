"""How often each class is seen."""

from collections.abc import Sequence

import numpy as np

from runner.diagnostics.findings import Finding, Severity
from runner.doctor.checked import Checked, counted, finding, percent

UNEVEN, IMBALANCED, FAR_FROM_BALANCED = 3.0, 10.0, 100.0
"""Examples of the largest class for each of the smallest."""


def check_balance(train: np.ndarray, val: np.ndarray, classes: Sequence[str], handled: str | None) -> Checked:
    """Classes that are rare, or missing.

    Args:
        train: the labels of the training split, int [n].
        val: likewise.
        classes: their names.
        handled: what in the config makes up for it, like `sampler=balanced`.
    """
    counts, held_out = (np.bincount(labels, minlength=len(classes)) for labels in (train, val))
    missing = [name for name, count in zip(classes, counts, strict=True) if not count]
    there = counts[counts > 0]
    ratio = float(there.max() / there.min())
    small, large = (classes[int(where)] for where in (_least(counts), counts.argmax()))
    largest = percent(there.max() / len(train))
    said = f"{there.min():,} to {there.max():,} examples a class, the largest is {largest}"
    found: list[Finding] = []
    if missing:
        told = ", ".join(missing[:8])
        sentence = f"{counted(len(missing), 'class', 'classes')} without a training example: {told}"
        found.append(finding("missing_class", "problem", "train", sentence, classes=len(missing)))
    unseen = int(((held_out == 0) & (counts > 0)).sum())
    if unseen:
        sentence = f"val has no example of {unseen} of the {len(classes)} classes"
        found.append(finding("missing_class", "remark", "val", sentence, classes=unseen))
    if ratio >= UNEVEN:
        sentence = f"{ratio:.3g} examples of {large} for each of {small}"
        told = f"{sentence}; {handled} makes up for it" if handled else sentence
        suggestion = None if handled else "class_weights=balanced"
        grave: Severity = "remark" if handled else _severity(ratio)
        found.append(finding("imbalanced", grave, "train", told, suggestion, ratio=ratio))
    return Checked(said, found)


def _severity(ratio: float) -> Severity:
    if ratio >= FAR_FROM_BALANCED:
        return "problem"
    return "warning" if ratio >= IMBALANCED else "remark"


def _least(counts: np.ndarray) -> int:
    return int(np.where(counts > 0, counts, counts.max() + 1).argmin())
