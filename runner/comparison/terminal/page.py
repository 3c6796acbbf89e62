"""The page. What is asked first, the winner, stands last: where the eye is when the command ends."""

from collections.abc import Mapping
from pathlib import Path

from rich.console import Console
from rich.table import Table as Grid
from rich.text import Text

from runner.comparison.model import Comparison, Winner
from runner.comparison.tables import (
    Table,
    effect_tables,
    findings_table,
    isolation_table,
    merged_ranking_table,
    race_table,
    ranking_table,
)
from runner.comparison.terminal.grid import fitting, grid
from runner.comparison.verdicts import headline, winner_lines
from runner.comparison.wording import plural

SHOWN = 20
SHOWN_IN_BRIEF = 5
SHOWN_EFFECTS = 8
"""Of one option."""


def show(comparison: Comparison, console: Console) -> None:
    """Prints a comparison."""
    console.print(Text(comparison.title, style="bold"))
    console.print(Text(headline(comparison), style="dim"))
    _show_ranking(comparison, SHOWN, console)
    for isolation in comparison.isolations if comparison.by is not None else ():
        _show(isolation_table(isolation, comparison), SHOWN, console)
    for table in effect_tables(comparison):
        _show(table, SHOWN_EFFECTS, console)
    if comparison.race is not None:
        _show(race_table(comparison.race, comparison.varied), SHOWN, console)
    if comparison.findings:
        _show(findings_table(comparison.findings, len(comparison.runs)), SHOWN, console)
    _show_cautions(comparison.cautions, console)
    if comparison.winner is not None:
        _show_winner(comparison.winner, comparison, console)


def show_in_brief(comparison: Comparison, console: Console) -> None:
    """Prints the head of the ranking, what to beware of, and the winner."""
    console.print(Text(headline(comparison), style="dim"))
    _show_ranking(comparison, SHOWN_IN_BRIEF, console)
    _show_cautions(comparison.cautions, console)
    if comparison.winner is not None:
        _show_winner(comparison.winner, comparison, console)


def show_files(files: Mapping[str, Path], console: Console) -> None:
    """Prints what was written, and where."""
    console.print()
    for name, place in files.items():
        console.print(Text(f"{name:<12}", style="dim") + Text(str(place)), soft_wrap=True)


def _show_ranking(comparison: Comparison, most: int, console: Console) -> None:
    table = fitting(ranking_table(comparison), merged_ranking_table(comparison), console.width)
    _show(table, most, console)
    if any(setting.score != setting.mean for setting in comparison.settings if setting.finite):
        note = "A mean is of the runs that have a value; the order counts those that went wrong, too."
        console.print(Text(note, style="dim"))


def _show_cautions(cautions: tuple[str, ...], console: Console) -> None:
    if not cautions:
        return
    console.print(Text(f"\n{plural(len(cautions), 'caution')}", style="bold yellow"))
    lines = Grid.grid(padding=(0, 1))
    for caution in cautions:
        lines.add_row(Text("!", style="yellow"), Text(caution))
    console.print(lines)


def _show_winner(winner: Winner, comparison: Comparison, console: Console) -> None:
    console.print(Text("\nWinner: ", style="bold green") + Text(winner.setting.label, style="bold"))
    lines = Grid.grid(padding=(0, 1))
    for tag, words in winner_lines(winner, comparison).items():
        lines.add_row(Text(tag, style="dim"), Text(words))
    console.print(lines)
    # A command that is wrapped cannot be copied.
    for purpose, command in {"reproduce": winner.reproduce, "confirm": winner.confirm}.items():
        if command is None:
            continue
        console.print(Text(f"{purpose:<10}", style="dim") + Text(command, style="cyan"), soft_wrap=True)


def _show(table: Table, most: int, console: Console) -> None:
    console.print(Text(f"\n{table.title}", style="bold"))
    if table.rows:
        console.print(grid(table, most, console.width))
