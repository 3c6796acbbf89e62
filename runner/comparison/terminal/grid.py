"""Tables of words as Rich draws them."""

import re

from rich import box
from rich.table import Table as Grid
from rich.text import Text

from runner.comparison.tables import Table

GAP = 2
LONG = 28
"""What a cell of words takes before it is wrapped."""
STYLES = (
    (r"^better\b", "bold green"),
    (r"^worse\b", "bold red"),
    (r"^(not distinguishable|one seed|no pair)\b", "bold"),
    (r"\d+ (diverged|failed)", "red"),
    (r"\d+ (pruned|interrupted)", "yellow"),
    (r"\d+ running", "cyan"),
)
"""What cells say, and how it looks."""


def fitting(wide: Table, narrow: Table, width: int) -> Table:
    """The first of two tables if a terminal of that width shows it with no number or name broken."""
    return wide if needed(_folded(wide)) <= width else narrow


def needed(table: Table) -> int:
    """The width that a table takes with no word broken."""
    return sum(_width(table, place) + GAP for place in range(len(table.columns))) - GAP


def grid(table: Table, most: int, width: int) -> Grid:
    """The table with its first `most` rows; a last line says how many are left out."""
    table = table if needed(table) <= width else _folded(table)
    drawn = Grid(box=box.SIMPLE_HEAD, padding=(0, GAP - 1, 0, 0), show_edge=False, pad_edge=False)
    for place, column in enumerate(table.columns):
        drawn.add_column(
            column.heading,
            justify="right" if column.right else "left",
            overflow="fold",
            min_width=_width(table, place),
        )
    for row in table.rows[:most]:
        drawn.add_row(*map(styled, row))
    if len(table.rows) > most:
        drawn.caption = Text(f"and {len(table.rows) - most:,} more, in compare.md", style="dim")
        drawn.caption_justify = "left"
    return drawn


def styled(cell: str) -> Text:
    """A cell in the colours of what it says."""
    text = Text(cell)
    for pattern, style in STYLES:
        text.highlight_regex(pattern, style)
    return text


def _width(table: Table, place: int) -> int:
    # A number is never wrapped; a list of counts, a verdict and merged options are, between their parts.
    cells = [row[place] for row in table.rows]
    parts = [part for cell in cells for part in re.split(r"(?<=[,;]) ", cell)]
    words = re.split(r"[\n ]", table.columns[place].heading)
    return max(min(max(map(len, parts), default=0), LONG), *map(len, words))


def _folded(table: Table) -> Table:
    """`learning_rate` in two lines: numbers need less room than their names."""
    columns = (
        column if " " in column.heading else column._replace(heading=_fold(column.heading))
        for column in table.columns
    )
    return table._replace(columns=tuple(columns))


def _fold(heading: str) -> str:
    return re.sub(r"([._/])(?=\w{4})", "\\1\n", heading)
