"""From the end of imports to the first step: a first start, and a second with other numbers and epochs."""

import sys
from statistics import median

from benchmarks.commands import Figures, Place, new_folder, timed
from benchmarks.job import Found, Job, Row, seconds
from benchmarks.training import told

NETWORKS = {
    "digits mlp": ["dataset=digits", "model=mlp"],
    "Fashion-MNIST CNN": ["dataset=fashion_mnist", "model=cnn", "batch_size=128"],
}
OTHERWISE = ["optimizer.learning_rate=0.003", "seed=1", "epochs=7"]


def job(quick: bool) -> Job:
    """Both starts, by network; there is nothing to shorten."""
    return Job(
        [lambda place, name=name, own=own: starts(place, name, own) for name, own in NETWORKS.items()],
        rows,
        seconds,
    )


def starts(place: Place, name: str, overrides: list[str]) -> Figures:
    """The first with an empty cache for compiled programs, the second with what the first left there."""
    cache = {"JAX_COMPILATION_CACHE_DIR": str(new_folder(place))}
    command = [sys.executable, "-m", "benchmarks.starting", *overrides]
    first, second = timed(place, command, cache), timed(place, [*command, *OTHERWISE], cache)
    return {f"first, {name}": told(first, "seconds"), f"second, {name}": told(second, "seconds")}


def rows(found: Found) -> list[Row]:
    """For each network."""
    return [_row(name, found) for name in NETWORKS]


def _row(name: str, found: Found) -> Row:
    first, second = (found[f"{start}, {name}"] for start in ("first", "second"))
    ratios = [slow / fast for slow, fast in zip(first, second, strict=True)]
    what = f"second start, other numbers and epochs, {name}"
    return Row(what, "first start", seconds(median(second)), seconds(median(first)), ratios, 3.0, 5.0)
