"""What the command says of an ensemble."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from runner.comparison.wording import number, plural
from runner.ensembles.ingredients import Ingredients
from runner.ensembles.making import Made
from runner.ensembles.outcome import Row
from runner.ensembles.testing import Tested

SHOWN = 12
"""Members, the weightiest first."""
NOTHING = 5e-7
"""A difference below it is rounding."""
INTERVALS = "95 % intervals by the bootstrap over test examples, paired: for these members, not for new seeds"
Cell = tuple[str, str]
"""A number, and its interval."""


class Shown:
    """What there is to say of an ensemble: for a terminal, for Markdown and for a log."""

    def __init__(
        self, method: str, ingredients: Ingredients, made: Made, left_out: Sequence[str], tested: Tested
    ) -> None:
        members, outcome = ingredients.members, tested.outcome
        self.measures = list(outcome.ensemble)
        self.rows: Mapping[str, Sequence[Cell]] = {
            f"{method} of {len(made.used)}": _estimates(outcome.ensemble),
            f"best on val ({members[ingredients.best].name})": _estimates(outcome.best_single),
            f"mean of {plural(len(members), 'run')}": _estimates(outcome.mean_single),
            "less best on val": _differences(outcome.over_best),
            "less the mean": _differences(outcome.over_mean),
        }
        used = weights_line([members[place].name for place in made.used], made.weights, len(members))
        self.notes = [used, *(f"left out: {reason}" for reason in left_out), *made.remarks, INTERVALS]

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
        table = "\n".join(f"| {' | '.join(row)} |" for row in rows)
        return "\n\n".join([table, *self.notes])

    def lines(self) -> Iterator[str]:
        """For a log."""
        rows = [["on test", *self.measures], *self._rows()]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        for row in rows:
            yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        yield from self.notes

    def _rows(self) -> list[list[str]]:
        return [[name, *(f"{own} ({span})" for own, span in cells)] for name, cells in self.rows.items()]


def show(shown: Shown, folder: Path, console: Console) -> None:
    """Prints it, and where the ensemble is."""
    console.print(shown.table())
    for note in shown.notes:
        console.print(note, markup=False)
    console.print(f"the ensemble, for evaluate, predict, compare and load_run: {folder}", markup=False)


def weights_line(names: Sequence[str], weights: Sequence[float] | None, total: int) -> str:
    """Which members are used, and by how much."""
    more = ", ..." if len(names) > SHOWN else ""
    if weights is None or len(set(weights)) == 1:
        alike = "" if weights is None or len(weights) == 1 else ", alike"
        return f"{len(names)} of {plural(total, 'run')} used{alike}: {', '.join(names[:SHOWN])}{more}"
    ordered = sorted(zip(weights, names, strict=True), key=lambda pair: -pair[0])
    told = ", ".join(f"{name} ({weight:.3f})" for weight, name in ordered[:SHOWN])
    return f"{len(names)} of {plural(total, 'run')} used, with weights: {told}{more}"


def _estimates(row: Row) -> list[Cell]:
    return [(number(own.value), f"{number(own.low)}\N{EN DASH}{number(own.high)}") for own in row.values()]


def _differences(row: Row) -> list[Cell]:
    return [
        (_signed(own.value, 3), f"{_signed(own.low, 2)} to {_signed(own.high, 2)}") for own in row.values()
    ]


def _signed(value: float, digits: int) -> str:
    return "0" if abs(value) < NOTHING else f"{'+' * (value > 0)}{number(value, digits)}"
