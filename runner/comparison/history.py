"""What `metrics.jsonl` says of one tag."""

import json
import math
from pathlib import Path
from typing import NamedTuple

import numpy as np


class History(NamedTuple):
    """One tag over a run: three arrays of one length, [entries], by ascending step."""

    steps: np.ndarray
    epochs: np.ndarray
    values: np.ndarray
    """Finite ones alone."""


def read_history(records: Path, tag: str) -> History:
    """The finite values of a tag; empty where there are none. A line half written is left out."""
    needle = json.dumps(tag)
    rows = [_row(line, tag) for line in _lines(records) if needle in line]
    kept = sorted({row[0]: row for row in rows if row is not None}.values())
    steps, epochs, values = zip(*kept, strict=True) if kept else ((), (), ())
    return History(np.array(steps, int), np.array(epochs, float), np.array(values, float))


def _lines(records: Path) -> list[str]:
    try:
        return records.read_text(encoding="utf-8").splitlines()
    except OSError:
        return []


def _row(line: str, tag: str) -> tuple[int, float, float] | None:
    try:
        entry = json.loads(line)
        value = entry[tag]
        return None if value is None or not math.isfinite(value) else (entry["step"], entry["epoch"], value)
    except (ValueError, KeyError, TypeError):
        return None
