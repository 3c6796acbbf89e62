"""How far a sweep is: one line on a terminal, a line now and then elsewhere."""

import time
from collections.abc import Callable, Sequence

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.text import Text

from runner.records.entry import Entry

LINE_SECONDS = 5.0
"""How often, at most, a line is printed where there is no terminal."""


class SweepDisplay:
    """Counts the steps of all runs, and knows the best of them so far."""

    def __init__(self, console: Console, total: int, runs: int, metric: str, maximise: bool) -> None:
        self.console = console
        self.done = 0
        self._total, self._runs, self._metric = total, runs, metric
        self._better: Callable[[float, float], bool] = (
            (lambda new, old: new > old) if maximise else (lambda new, old: new < old)
        )
        self.once: Callable[[], None] | None = None
        """Called when the first steps have been taken."""
        self._ended = 0
        self._best: tuple[float, int] | None = None
        self._busy = 0.0
        self._said = time.monotonic()
        self._bar = _bar(console) if console.is_terminal else None
        if self._bar is not None:
            self._bar.start()
            self._task = self._bar.add_task("", total=total, runs="", best="")

    def skip(self, steps: int) -> None:
        """Leaves out steps that runs need not take any more."""
        self._total -= steps
        self._show()

    def move(self, steps: int, seconds: float) -> None:
        """Adds steps that runs have taken, and how long they took."""
        self.done += steps
        self._busy += seconds
        if self.once is not None:
            once, self.once = self.once, None
            once()
        self._show()

    def end(self, runs: int) -> None:
        """Adds runs that have ended."""
        self._ended += runs
        self._show()

    def see(self, run: int, value: float) -> None:
        """Takes the value of a run into account."""
        if self._best is None or self._better(value, self._best[0]):
            self._best = value, run

    def seconds_left(self) -> float | None:
        """How long the rest will take at the pace so far."""
        return self._busy / self.done * (self._total - self.done) if self.done else None

    def close(self) -> None:
        """Takes the bar away."""
        if self._bar is not None:
            self._bar.stop()

    def _show(self) -> None:
        runs, best = f"{self._ended} of {self._runs} runs", self._best_so_far()
        if self._bar is not None:
            self._bar.update(self._task, total=self._total, completed=self.done, runs=runs, best=best)
        elif time.monotonic() - self._said > LINE_SECONDS:
            self._said = time.monotonic()
            left = self.seconds_left()
            rest = "" if left is None else f"  about {duration(left)} left"
            self.console.print(f"{self.done / max(1, self._total):4.0%}  {runs} ended  {best}{rest}")

    def _best_so_far(self) -> str:
        if self._best is None:
            return ""
        value, run = self._best
        return f"best {self._metric} {value:.4f} (run {run})"


class BatchProgress:
    """What a session shows of the runs of one batch on the display of the sweep."""

    def __init__(
        self,
        display: SweepDisplay,
        numbers: Sequence[int | None],
        alive: Callable[[], int],
        first: int,
        metric: str,
    ) -> None:
        self._display = display
        self._numbers = numbers
        self._alive = alive
        self._step = first
        self._metric = metric
        self._since = time.monotonic()

    def write(self, entries: Sequence[Entry | None]) -> None:
        """Looks for the best value."""
        for number, entry in zip(self._numbers, entries, strict=True):
            if number is not None and entry is not None and self._metric in entry.scalars:
                self._display.see(number, entry.scalars[self._metric])

    def move(self, step: int) -> None:
        """Counts the steps of the runs that train."""
        now = time.monotonic()
        self._display.move((step - self._step) * self._alive(), now - self._since)
        self._step, self._since = step, now

    def warn(self, lane: int, told: Sequence[Text]) -> None:
        """Of hundreds of runs it would be too much: they are counted at the end."""

    def flush(self) -> None:
        """Nothing is held back."""

    def close(self) -> None:
        """The display goes on with the next batch."""


def duration(seconds: float) -> str:
    """`42 s`, `3 min 5 s`, `2 h 10 min`."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def _bar(console: Console) -> Progress:
    return Progress(
        BarColumn(bar_width=12),
        TaskProgressColumn(),
        TextColumn("{task.fields[runs]}"),
        TextColumn("[bold]{task.fields[best]}"),
        TimeRemainingColumn(),
        console=console,
        transient=True,
    )
