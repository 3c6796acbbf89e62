"""Tables of words as Rich draws them."""

import re
from collections.abc import Iterable

from rich import box
from rich.table import Table as Grid
from rich.text import Text

from runner.comparison.tables import Table

GAP = 2
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
    return wide if needed(folded(wide)) <= width else narrow


def needed(table: Table) -> int:
    """The width that a table takes with no word broken."""
    return _total(least for least, _ in _widths(table))


def grid(table: Table, most: int, width: int) -> Grid:
    """The table with its first `most` rows; a last line says how many are left out."""
    table = table if needed(table) <= width else folded(table)
    drawn = Grid(box=box.SIMPLE_HEAD, padding=(0, GAP - 1, 0, 0), show_edge=False, pad_edge=False)
    for column, room in zip(table.columns, _rooms(table, width), strict=True):
        side = "right" if column.right else "left"
        drawn.add_column(column.heading, justify=side, overflow="fold", width=room)
    for row in table.rows[:most]:
        drawn.add_row(*map(styled, row))
    if len(table.rows) > most:
        drawn.caption = Text(f"and {len(table.rows) - most:,} more, in compare.md", style="dim")
        drawn.caption_justify = "left"
    return drawn


def folded(table: Table) -> Table:
    """`learning_rate` in two lines: numbers need less room than their names."""
    headings = [re.sub(r"([._/])(?=\w{4})", "\\1\n", column.heading) for column in table.columns]
    columns = [
        column if " " in column.heading else column._replace(heading=heading)
        for column, heading in zip(table.columns, headings, strict=True)
    ]
    return table._replace(columns=tuple(columns))


def styled(cell: str) -> Text:
    """A cell in the colours of what it says."""
    text = Text(cell)
    for pattern, style in STYLES:
        text.highlight_regex(pattern, style)
    return text


def _rooms(table: Table, width: int) -> list[int]:
    """The width of each column: what it would like, less where the table is too wide, widest wishes first."""
    widths = _widths(table)
    rooms = [full for _, full in widths]
    for place in sorted(range(len(rooms)), key=lambda place: widths[place][0] - widths[place][1]):
        excess = max(_total(rooms) - width, 0)
        rooms[place] = max(widths[place][0], rooms[place] - excess)
    return rooms


def _widths(table: Table) -> list[tuple[int, int]]:
    # A number is never wrapped; a list of counts, a verdict and merged options are, between their parts.
    cells = [[column.heading, *(row[at] for row in table.rows)] for at, column in enumerate(table.columns)]
    return [(_longest(r"(?<=[,;]) |\n", texts), _longest("\n", texts)) for texts in cells]


def _longest(separator: str, texts: list[str]) -> int:
    return max(len(part) for text in texts for part in re.split(separator, text))


def _total(rooms: Iterable[int]) -> int:
    return sum(room + GAP for room in rooms) - GAP
