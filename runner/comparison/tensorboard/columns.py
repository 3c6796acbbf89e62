"""The HPARAMS page of all runs: what varied, and what came of it."""

from collections.abc import Sequence

from runner.comparison.model import Comparison, Run, Value
from runner.comparison.wording import option_text

SEED = "seed"
SECONDS = "seconds"
LOSSES = ("train/loss", "val/loss")

Cell = str | float | bool


def hyperparameters(comparison: Comparison) -> dict[str, tuple[Cell, ...]]:
    """The columns of the varied options and the seed, each with its values."""
    cells = {key: [_cell(value, values) for value in values] for key, values in comparison.domains.items()}
    present = {key: tuple(cell for cell in column if cell is not None) for key, column in cells.items()}
    return present | {SEED: tuple(map(float, comparison.seeds))}


def row(comparison: Comparison, run: Run) -> dict[str, Cell]:
    """A run's hyperparameters."""
    cells = {
        key: _cell(run.config[key], values) for key, values in comparison.domains.items() if key in run.config
    }
    return {key: cell for key, cell in cells.items() if cell is not None} | {SEED: float(run.seed)}


def metrics(comparison: Comparison) -> tuple[str, ...]:
    """The tags of the results: the metric first, then test, losses and time."""
    known = {tag for run in comparison.runs for tag in run.metrics}
    tests = sorted(tag for tag in known if tag.startswith("test/"))
    losses = [tag for tag in LOSSES if tag in known]
    return tuple(dict.fromkeys((comparison.metric, *tests, *losses, SECONDS)))


def results(tags: Sequence[str], run: Run, value: float) -> dict[str, float]:
    """A run's results, those that it has; `value` is what it was compared by."""
    found = {tag: run.metrics.get(tag) for tag in tags}
    found |= {tags[0]: value, SECONDS: run.seconds.get("total")}
    return {tag: number for tag, number in found.items() if number is not None and number == number}


def _cell(value: Value, column: Sequence[Value]) -> Cell | None:
    # TensorBoard drops a run whose value is null, or of another type than the column's.
    present = [one for one in column if one is not None]
    if all(isinstance(one, bool) for one in present):
        return value if value is None else bool(value)
    if all(isinstance(one, int | float) and not isinstance(one, bool) for one in present):
        return value if value is None else float(value)
    return option_text(value)
