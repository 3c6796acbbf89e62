"""What the command says of an ensemble."""

from collections.abc import Iterator, Mapping, Sequence

from rich.table import Table

from runner.comparison.wording import number, plural, signed
from runner.ensembles.outcome import Outcome, Row

SHOWN = 12
"""Members, the weightiest first."""
NOTHING = 5e-7
"""A difference below it is rounding."""
INTERVALS = "95 % intervals by the bootstrap over test examples, paired: for these members, not for new seeds"
Cell = tuple[str, str]
"""A number, and its interval."""


class Shown:
    """The outcome of an ensemble as text: for a terminal, for Markdown and for a log."""

    def __init__(self, title: str, best: str, members: int, outcome: Outcome) -> None:
        self.measures = list(outcome.ensemble)
        self.rows: Mapping[str, Sequence[Cell]] = {
            title: _estimates(outcome.ensemble),
            f"best on val ({best})": _estimates(outcome.best_single),
            f"mean of {plural(members, 'run')}": _estimates(outcome.mean_single),
            "gain over best": _differences(outcome.over_best),
            "gain over mean": _differences(outcome.over_mean),
        }

    def table(self) -> Table:
        """For a terminal."""
        table = Table("on test", *self.measures)
        for place, (name, cells) in enumerate(self.rows.items()):
            style = "bold" if place == 0 else None
            table.add_row(name, *("\n".join(cell) for cell in cells), style=style)
        return table

    def markdown(self) -> str:
        """For TensorBoard."""
        rows = [["on test", *self.measures], ["---"] * (1 + len(self.measures)), *self._rows()]
        return "\n".join(f"| {' | '.join(row)} |" for row in rows)

    def lines(self) -> Iterator[str]:
        """For a log."""
        rows = [["on test", *self.measures], *self._rows()]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        for row in rows:
            yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()

    def _rows(self) -> list[list[str]]:
        return [[name, *(f"{own} ({span})" for own, span in cells)] for name, cells in self.rows.items()]


def weights_line(names: Sequence[str], weights: Sequence[float] | None, total: int) -> str:
    """Which members are used, and by how much."""
    more = ", ..." if len(names) > SHOWN else ""
    if weights is None or len(set(weights)) == 1:
        alike = "" if weights is None else ", alike"
        return f"{len(names)} of {plural(total, 'run')} used{alike}: {', '.join(names[:SHOWN])}{more}"
    ordered = sorted(zip(weights, names, strict=True), key=lambda pair: -pair[0])
    told = ", ".join(f"{name} ({weight:.3f})" for weight, name in ordered[:SHOWN])
    return f"{len(names)} of {plural(total, 'run')} used, with weights: {told}{more}"


def _estimates(row: Row) -> list[Cell]:
    return [(number(own.value), f"{number(own.low)}\N{EN DASH}{number(own.high)}") for own in row.values()]


def _differences(row: Row) -> list[Cell]:
    return [(_signed(own.value), f"{_signed(own.low)} to {_signed(own.high)}") for own in row.values()]


def _signed(value: float) -> str:
    return "0" if abs(value) < NOTHING else signed(value)
