"""`metrics.jsonl`: one line an evaluation; nothing from the clock."""

import json
import math
from collections.abc import Iterable, Sequence
from pathlib import Path

from runner.records.appending import Appended
from runner.records.entry import Entry

NAME = "metrics.jsonl"

Measured = dict[str, float | None]
"""By tag, and beside them the step and the epoch."""


class JsonLines:
    """Appends to `metrics.jsonl`."""

    def __init__(self, folder: Path) -> None:
        self._file = Appended(folder / NAME)

    def write(self, entry: Entry) -> None:
        """Appends an evaluation."""
        if entry.evaluated:
            self._file.write(f"{json.dumps(as_record(entry))}\n".encode())

    def flush(self) -> None:
        """Hands all lines to the operating system."""
        self._file.flush()

    def close(self) -> None:
        """Flushes."""
        self._file.close()


def as_record(entry: Entry) -> Measured:
    """What a line says of an entry; what is not finite is null."""
    scalars = {tag: value if math.isfinite(value) else None for tag, value in entry.scalars.items()}
    return {"step": entry.step, "epoch": round(entry.epoch, 6), **scalars}


def read_records(folder: Path) -> list[Measured]:
    """The lines of `metrics.jsonl`."""
    path = folder / NAME
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return [json.loads(line) for line in lines]


def last_metrics(records: Iterable[Measured]) -> Measured:
    """The last value of every tag in these records."""
    metrics: Measured = {}
    for record in records:
        metrics |= record
    return {tag: value for tag, value in metrics.items() if tag not in ("step", "epoch")}


def last_step(records: Sequence[Measured]) -> int | None:
    """The step of the last of these records; None where there is none."""
    return int(records[-1]["step"] or 0) if records else None
