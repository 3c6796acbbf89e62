"""A comparison as Markdown: all of the terminal's tables, with every row."""

from runner.comparison.model import Comparison, Winner
from runner.comparison.tables import (
    Table,
    effect_tables,
    findings_table,
    isolation_table,
    race_table,
    ranking_table,
)
from runner.comparison.verdicts import headline, winner_lines


def to_markdown(comparison: Comparison) -> str:
    """The whole comparison, the winner first."""
    race, findings = comparison.race, comparison.findings
    asked = comparison.isolations if comparison.by is not None else ()
    tables = [
        ranking_table(comparison),
        *(isolation_table(isolation, comparison) for isolation in asked),
        *effect_tables(comparison),
        *([race_table(race, comparison.varied)] if race is not None else []),
        *([findings_table(findings, len(comparison.runs))] if findings else []),
    ]
    winner = [] if comparison.winner is None else [_winner(comparison.winner, comparison)]
    cautions = [f"## Cautions\n\n{_list(comparison.cautions)}"] if comparison.cautions else []
    head = f"# {_escaped(comparison.title)}\n\n{headline(comparison)}."
    return "\n\n".join([head, *winner, *cautions, *map(_section, tables)]) + "\n"


def _winner(winner: Winner, comparison: Comparison) -> str:
    lines = [f"{tag}: {words}" for tag, words in winner_lines(winner, comparison).items()]
    commands = "\n".join(filter(None, ["```bash", winner.reproduce, winner.confirm, "```"]))
    return f"## Winner: {_escaped(winner.setting.label)}\n\n{_list(lines)}\n\n{commands}"


def _list(lines: list[str] | tuple[str, ...]) -> str:
    return "\n".join(f"- {_escaped(line)}" for line in lines)


def _section(table: Table) -> str:
    rule = ["--:" if column.right else ":--" for column in table.columns]
    headings = [column.heading for column in table.columns]
    rows = [_row(cells) for cells in [headings, rule, *table.rows]]
    return f"## {_escaped(table.title)}\n\n" + "\n".join(rows)


def _row(cells: list[str] | tuple[str, ...]) -> str:
    return f"| {' | '.join(map(_escaped, cells))} |"


def _escaped(text: str) -> str:
    # A config's value may hold what Markdown reads as a column, emphasis or a tag.
    for character in "\\|*_`<":
        text = text.replace(character, f"\\{character}")
    return text.replace("\n", " ")
