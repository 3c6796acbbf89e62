"""The checklist in the terminal: a line a check, with colours where it is one."""

import json
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from runner.diagnostics import telling
from runner.diagnostics.findings import SEVERITIES, Finding
from runner.doctor.checklist import CHECKS, Line
from runner.records.console import new_console

MARKS = {"ok": "✓", "skipped": "-", "remark": "·", "warning": "!", "problem": "✗"}
STYLES = {"ok": "green", "skipped": "dim", **telling.STYLES}
_TITLE = max(len(f"{check.group}: {check.title}") for check in CHECKS)


def new_display(quiet: bool) -> Callable[[Line], None]:
    """What shows each line as it comes."""
    if quiet:
        return lambda line: None
    console = new_console()
    if not console.is_terminal:
        return lambda line: print("\n".join(plain(line)), flush=True)
    return lambda line: _show(console, line)


def plain(line: Line) -> list[str]:
    """A line of the checklist as text, what it found below it."""
    title, outcome = f"{line.check.group}: {line.check.title}", line.outcome
    said = [telling.sentence(found) for found in outcome.findings] or [outcome.said]
    first, *others = said
    rows = [f"{outcome.verdict:8} {title:{_TITLE}}  {first}"]
    return [*rows, *(f"{'':{_TITLE + 11}}{sentence}" for sentence in others)]


def conclude(path: Path, findings: Sequence[Finding]) -> None:
    """Counts what was found and says where it is written."""
    counts = Counter(finding.severity for finding in findings)
    told = [
        f"{counts[severity]} {severity}{'' if counts[severity] == 1 else 's'}"
        for severity in reversed(SEVERITIES)
        if counts[severity]
    ]
    console = new_console()
    console.print(f"{', '.join(told) or 'nothing found'}: {path}", markup=False)
    console.print(f"tensorboard --logdir {path.parent}", markup=False)


def to_json(summary: dict[str, Any]) -> None:
    """Prints an examination for scripts."""
    print(json.dumps(summary, indent=2, allow_nan=False))


def _show(console: Console, line: Line) -> None:
    outcome, style = line.outcome, STYLES[line.outcome.verdict]
    grid = Table.grid(padding=(0, 1))
    grid.add_column(width=1)
    grid.add_column(width=_TITLE, style="dim" if outcome.verdict == "skipped" else None)
    grid.add_column(overflow="fold")
    title = f"{line.check.group}: {line.check.title}"
    told = [telling.coloured(found) for found in outcome.findings] or [Text(outcome.said, style="dim")]
    grid.add_row(Text(MARKS[outcome.verdict], style=style), title, Text("\n").join(told))
    console.print(Padding(grid, 0))
