"""Targets of a user's own data: classes by name, or numbers."""

import difflib
from collections.abc import Sequence

import numpy as np

from runner.data.dataset import DataError

TASKS = ("classification", "regression")


def refuse_unknown_task(task: str) -> None:
    """Raises DataError where there is no such task."""
    if task not in TASKS:
        guess = difflib.get_close_matches(task, TASKS, n=1, cutoff=0.0)
        raise DataError(f"dataset.task={task}: there is no such task; did you mean {guess[0]}?")


def classes_of(values: Sequence[str]) -> tuple[np.ndarray, tuple[str, ...]]:
    """Labels int32 [n] of the texts [n], and the classes: the different texts, numbers in their own order."""
    names = sorted(set(values))
    if all(name.lstrip("+-").isdecimal() for name in names):
        names.sort(key=int)
    numbers = {name: number for number, name in enumerate(names)}
    return np.array([numbers[value] for value in values], np.int32), tuple(names)
