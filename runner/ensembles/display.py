"""What the command says of an ensemble."""

from collections.abc import Iterator, Sequence

from rich.table import Table

from runner.comparison.wording import number, plural, signed
from runner.ensembles.outcome import Estimate, Outcome, Row

SHOWN = 12
"""Members, the weightiest first."""
INTERVALS = "95 % intervals by the bootstrap over test examples, paired: for these members, not for new seeds"
TOLD = "told from chance"


class Shown:
    """The outcome of an ensemble as rows of text: for a terminal, for Markdown and for a log."""

    def __init__(self, title: str, best: str, members: int, outcome: Outcome) -> None:
        self.header = ["test", *outcome.ensemble]
        self.rows = [
            [title, *map(_estimate, outcome.ensemble.values())],
            [f"best single ({best}, by val)", *map(_estimate, outcome.best_single.values())],
            [f"mean of {plural(members, 'run')}", *map(_estimate, outcome.mean_single.values())],
            ["ensemble - best single", *map(_difference, outcome.over_best.values())],
            ["ensemble - mean", *map(_difference, outcome.over_mean.values())],
        ]

    def table(self) -> Table:
        """For a terminal."""
        table = Table(*self.header)
        for place, row in enumerate(self.rows):
            table.add_row(*row, style="bold" if place == 0 else None)
        return table

    def markdown(self) -> str:
        """For TensorBoard."""
        ruled = [self.header, ["---"] * len(self.header), *self.rows]
        return "\n".join(f"| {' | '.join(row)} |" for row in ruled)

    def lines(self) -> Iterator[str]:
        """For a log."""
        rows = [self.header, *self.rows]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        for row in rows:
            yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def weights_line(names: Sequence[str], weights: Sequence[float] | None, total: int) -> str:
    """Which members are used, and by how much."""
    used = f"{len(names)} of {plural(total, 'run')} used"
    if weights is None:
        return f"{used}: {', '.join(names[:SHOWN])}{', ...' if len(names) > SHOWN else ''}"
    ordered = sorted(zip(weights, names, strict=True), key=lambda pair: -pair[0])
    told = ", ".join(f"{name} {weight:.3f}" for weight, name in ordered[:SHOWN])
    return f"{used}, with the weights: {told}{', ...' if len(names) > SHOWN else ''}"


def _estimate(estimate: Estimate) -> str:
    return f"{number(estimate.value)} ({number(estimate.low)}\N{EN DASH}{number(estimate.high)})"


def _difference(estimate: Estimate) -> str:
    return f"{signed(estimate.value)} ({signed(estimate.low)} to {signed(estimate.high)})"


def as_json(row: Row) -> dict[str, dict[str, float]]:
    """A row, for a file."""
    return {name: estimate._asdict() for name, estimate in row.items()}
