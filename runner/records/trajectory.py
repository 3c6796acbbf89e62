"""The trajectory of a model through the space of its weights, read from its records."""

import json
import math
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from runner.records.tensorboard import PATTERN

WEIGHT = "diagnostics/weight/"
"""What the tag of a weight begins with (`diagnostics=weights`)."""


def weight_names(tags: Iterable[str]) -> tuple[str, ...]:
    """The names of the weights among tags, in the order that the model has them."""
    return tuple(sorted(tag.removeprefix(WEIGHT) for tag in tags if tag.startswith(WEIGHT)))


def read_trajectory(records: Path, names: Sequence[str]) -> np.ndarray:
    """The weights of these names at the start and at each line of `metrics.jsonl`: [points, weights].

    The start is no evaluation, and so in TensorBoard's events alone. Lines half written, or without a finite
    number for each, are left out.
    """
    lines = records.read_text(encoding="utf-8").splitlines() if records.exists() else []
    points = [_start(records.parent, names), *(_point(line, names) for line in lines)]
    return np.array([point for point in points if point is not None], float).reshape(-1, len(names))


def _start(folder: Path, names: Sequence[str]) -> list[float] | None:
    """What the first event file of a run says of them at step 0."""
    # Few runs have weights that are drawn, and the import takes a moment.
    from tensorboard.backend.event_processing.event_file_loader import EventFileLoader

    for file in sorted(folder.glob(PATTERN))[:1]:
        for event in EventFileLoader(str(file)).Load():
            told = {value.tag: value for value in event.summary.value}
            if event.step > 0:
                return None
            if all(f"{WEIGHT}{name}" in told for name in names):
                return [float(told[f"{WEIGHT}{name}"].tensor.float_val[0]) for name in names]
    return None


def _point(line: str, names: Sequence[str]) -> list[float] | None:
    try:
        entry = json.loads(line)
    except ValueError:
        return None
    found = [entry.get(f"{WEIGHT}{name}") for name in names]
    return found if all(isinstance(value, float | int) and math.isfinite(value) for value in found) else None
