"""What a person sees while a run trains: a progress bar on a terminal, plain lines elsewhere."""

import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from runner.records.appending import Appended
from runner.records.entry import Entry

LOG = "run.log"
LINE_SECONDS = 2.0
"""How often, at most, a line is printed where there is no terminal."""
DIAGNOSTICS = ("gradient_norm/", "diagnostics/")


class RunLog:
    """`run.log`: what the console said of a run, and each of its evaluations."""

    def __init__(self, folder: Path, total: int) -> None:
        self._file = Appended(folder / LOG)
        self._total = total

    def write(self, entry: Entry) -> None:
        """Appends an evaluation in words."""
        if entry.evaluated:
            self._file.write(f"{describe(entry, self._total)}\n".encode())

    def say(self, line: str) -> None:
        """Appends a line."""
        self._file.write(f"{line}\n".encode())

    def flush(self) -> None:
        """Hands all lines to the operating system."""
        self._file.flush()

    def close(self) -> None:
        """Flushes."""
        self._file.close()


def new_console() -> Console:
    """The console of a command; where it is no terminal, lines are never wrapped."""
    return Console(highlight=False, soft_wrap=not sys.stdout.isatty())


class ProgressLines:
    """Shows how far a run is."""

    def __init__(self, console: Console, total: int, first: int) -> None:
        self._console = console
        self._total = total
        self._first = first
        self._started = time.monotonic()
        self._printed = 0.0
        self._bar = _bar(console) if console.is_terminal else None
        if self._bar is not None:
            self._bar.start()
            self._task = self._bar.add_task(
                "", total=total, completed=first, epoch="", train="", val="", rate=""
            )

    def write(self, entries: Sequence[Entry | None]) -> None:
        """Shows the entry of the first lane: on the bar, or as a line now and then."""
        entry = entries[0]
        if entry is None:
            return
        if self._bar is not None:
            self._show(self._bar, entry)
        elif entry.evaluated and self._due(entry.step):
            self._console.print(describe(entry, self._total))

    def move(self, step: int) -> None:
        """Moves the bar to a step."""
        if self._bar is not None:
            rate = (step - self._first) / max(time.monotonic() - self._started, 1e-9)
            self._bar.update(self._task, completed=step, rate=f"{rate:,.0f} steps/s")

    def warn(self, lane: int, told: Sequence[Text]) -> None:
        """Says above the bar what is wrong with the run."""
        for line in told:
            self._console.print(line)

    def flush(self) -> None:
        """Nothing is held back."""

    def close(self) -> None:
        """Takes the bar away."""
        if self._bar is not None:
            self._bar.stop()

    def _show(self, bar: Progress, entry: Entry) -> None:
        # A line of 80 characters has room for the loss on train and the metric on val, the telling ones.
        bar.update(self._task, epoch=f"epoch {entry.epoch:.4g}")
        train, val = (_metrics(entry, split) for split in ("train", "val"))
        if "loss" in train:
            bar.update(self._task, train=f"loss {train['loss']:.4f}")
        if val:
            name = next((name for name in val if name != "loss"), "loss")
            bar.update(self._task, val=f"val {name} {val[name]:.4f}")

    def _due(self, step: int) -> bool:
        now = time.monotonic()
        if now - self._printed < LINE_SECONDS and step != self._total:
            return False
        self._printed = now
        return True


def describe(entry: Entry, total: int) -> str:
    """`step 660/660  epoch 30.0  train/loss 0.0123 ...`; what diagnostics say of each layer fits no line."""
    told = [item for item in entry.scalars.items() if not item[0].startswith(DIAGNOSTICS)]
    scalars = "  ".join(f"{tag} {value:.4g}" for tag, value in sorted(told, key=_tag_order))
    return f"step {entry.step}/{total}  epoch {entry.epoch:.1f}  {scalars}"


def result_table(rows: Mapping[str, Mapping[str, float | None]]) -> Table:
    """The small table at the end: a row a split, a column a metric."""
    header, *cells = _cells(rows)
    table = Table(*header)
    for row in cells:
        table.add_row(*row)
    return table


def result_lines(rows: Mapping[str, Mapping[str, float | None]]) -> list[str]:
    """The same table as plain lines; rich takes a hundred times as long to draw one."""
    cells = _cells(rows)
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    padded = ([cell.ljust(width) for cell, width in zip(row, widths, strict=True)] for row in cells)
    return ["  ".join(row).rstrip() for row in padded]


def _cells(rows: Mapping[str, Mapping[str, float | None]]) -> list[list[str]]:
    names = {name for row in rows.values() for name in row}
    columns = sorted(names, key=lambda name: (name != "loss", name))
    return [
        ["", *columns],
        *([split, *(_number(row.get(name)) for name in columns)] for split, row in rows.items()),
    ]


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.4f}"


def _metrics(entry: Entry, split: str) -> dict[str, float]:
    prefix = f"{split}/"
    return {tag.removeprefix(prefix): value for tag, value in entry.scalars.items() if tag.startswith(prefix)}


def _tag_order(item: tuple[str, float]) -> tuple[int, str]:
    splits = ("train/", "val/", "test/")
    return next(
        (place for place, split in enumerate(splits) if item[0].startswith(split)), len(splits)
    ), item[0]


def _bar(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.fields[epoch]}"),
        BarColumn(bar_width=8),
        TaskProgressColumn(),
        TextColumn("{task.fields[train]}"),
        TextColumn("[bold]{task.fields[val]}"),
        TextColumn("[dim]{task.fields[rate]}"),
        TimeRemainingColumn(),
        console=console,
        transient=True,
    )
