"""What `metrics.jsonl` says: a line an evaluation, the last of them perhaps half written."""

import json
import math
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np


class History(NamedTuple):
    """One tag over a run: three arrays of one length, [entries], by ascending step."""

    steps: np.ndarray
    epochs: np.ndarray
    values: np.ndarray
    """Finite ones alone."""


def read_history(records: Path, tag: str) -> History:
    """The finite values of a tag; empty where there are none. A line half written is left out."""
    entries = _parsed(records, json.dumps(tag))
    kept = {entry["step"]: entry for entry in entries if finite(entry.get(tag)) is not None}
    rows = [(step, kept[step].get("epoch", math.nan), kept[step][tag]) for step in sorted(kept)]
    steps, epochs, values = zip(*rows, strict=True) if rows else ((), (), ())
    return History(np.array(steps, int), np.array(epochs, float), np.array(values, float))


def read_entries(records: Path) -> list[dict[str, Any]]:
    """All lines, in their order. A line half written is left out."""
    return _parsed(records, '"step"')


def finite(value: Any) -> float | None:
    """A finite number as a float; None for anything else."""
    is_number = isinstance(value, int | float) and math.isfinite(value)
    return float(value) if is_number else None


def _parsed(records: Path, needle: str) -> list[dict[str, Any]]:
    # Most lines of a long run lack the tag, and to look for it takes a tenth of the time that parsing takes.
    entries = (_entry(line) for line in _lines(records) if needle in line)
    return [entry for entry in entries if entry is not None]


def _lines(records: Path) -> list[str]:
    try:
        return records.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []


def _entry(line: str) -> dict[str, Any] | None:
    try:
        entry = json.loads(line)
    except ValueError:
        return None
    return entry if isinstance(entry, dict) and isinstance(entry.get("step"), int) else None
