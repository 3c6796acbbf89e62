"""`metrics.jsonl`: one line an evaluation, and one before the first step; nothing from the clock."""

import json
import math
from pathlib import Path

from runner.records.appending import Appended
from runner.records.entry import Entry

NAME = "metrics.jsonl"


class JsonLines:
    """Appends to `metrics.jsonl`."""

    def __init__(self, folder: Path) -> None:
        self._file = Appended(folder / NAME)

    def write(self, entry: Entry) -> None:
        """Appends an evaluation, or what was seen before the first step; what is not finite is null."""
        if entry.evaluated or entry.step == 0:
            scalars = {tag: value if math.isfinite(value) else None for tag, value in entry.scalars.items()}
            line = json.dumps({"step": entry.step, "epoch": round(entry.epoch, 6), **scalars})
            self._file.write(f"{line}\n".encode())

    def flush(self) -> None:
        """Hands all lines to the operating system."""
        self._file.flush()

    def close(self) -> None:
        """Flushes."""
        self._file.close()


def read_records(folder: Path) -> list[dict[str, float | None]]:
    """The lines of `metrics.jsonl`."""
    path = folder / NAME
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return [json.loads(line) for line in lines]


def last_metrics(folder: Path) -> dict[str, float | None]:
    """The last value of every tag in `metrics.jsonl`."""
    metrics: dict[str, float | None] = {}
    for record in read_records(folder):
        metrics |= record
    return {tag: value for tag, value in metrics.items() if tag not in ("step", "epoch")}


def last_step(folder: Path) -> int | None:
    """The step of the last line of `metrics.jsonl`; None while it has none."""
    records = read_records(folder)
    return int(records[-1]["step"] or 0) if records else None
