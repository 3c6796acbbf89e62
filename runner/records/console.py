"""What a person sees while a run trains: a progress bar on a terminal, plain lines elsewhere."""

import sys
import time
from collections.abc import Mapping
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.table import Table

from runner.records.entry import Entry

LOG = "run.log"
LINE_SECONDS = 2.0
"""How often, at most, a line is printed where there is no terminal."""


class Display:
    """Prints to the console, and everything but the bar to `run.log` too."""

    def __init__(self, folder: Path) -> None:
        self.console = Console(highlight=False, soft_wrap=not sys.stdout.isatty())
        self._file = (folder / LOG).open("a", encoding="utf-8")
        self._log = Console(file=self._file, width=100, highlight=False)

    def say(self, *what: object) -> None:
        """Prints a line or a table."""
        self.console.print(*what)
        self._log.print(*what)
        self._file.flush()

    def log(self, line: str) -> None:
        """Writes a line to `run.log` alone."""
        self._log.print(line)

    def close(self) -> None:
        """Closes `run.log`."""
        self._file.close()


class ProgressLines:
    """A sink that shows how far a run is."""

    def __init__(self, display: Display, total: int, first: int) -> None:
        self._display = display
        self._total = total
        self._first = first
        self._started = time.monotonic()
        self._printed = 0.0
        self._bar = _bar(display.console) if display.console.is_terminal else None
        if self._bar is not None:
            self._bar.start()
            self._task = self._bar.add_task(
                "", total=total, completed=first, epoch="", train="", val="", rate=""
            )

    def write(self, entry: Entry) -> None:
        """Shows an entry: on the bar, or as a line now and then; each evaluation in `run.log`."""
        if entry.evaluated:
            self._display.log(describe(entry, self._total))
        if self._bar is not None:
            self._show(self._bar, entry)
        elif entry.evaluated and self._due(entry.step):
            self._display.console.print(describe(entry, self._total))

    def move(self, step: int) -> None:
        """Moves the bar to a step."""
        if self._bar is not None:
            rate = (step - self._first) / max(time.monotonic() - self._started, 1e-9)
            self._bar.update(self._task, completed=step, rate=f"{rate:,.0f} steps/s")

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
    """`step 660/660  epoch 30.0  train/loss 0.0123 ...`."""
    scalars = "  ".join(f"{tag} {value:.4g}" for tag, value in sorted(entry.scalars.items(), key=_tag_order))
    return f"step {entry.step}/{total}  epoch {entry.epoch:.1f}  {scalars}"


def result_table(rows: Mapping[str, Mapping[str, float | None]]) -> Table:
    """The small table at the end: a row a split, a column a metric."""
    names = {name for row in rows.values() for name in row}
    columns = sorted(names, key=lambda name: (name != "loss", name))
    table = Table("", *columns)
    for split, row in rows.items():
        table.add_row(split, *(_number(row.get(name)) for name in columns))
    return table


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
