"""Runs made in memory, with what matters to a test alone."""

import math
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from runner.comparison.budget import histories
from runner.comparison.measure import Measure
from runner.comparison.model import Provenance, Run

ACCURACY = Measure("val/accuracy", at_best=True, maximise=True)
LOSS = Measure("val/loss", at_best=True, maximise=False)
NO_RECORDS = histories("val/accuracy")
SOURCE = Provenance("0ef274c9d1b2aa", False, "b534bfda", 0, "cpu", {"jax": "0.10.2"})
RUN = Run(
    folder=Path("sweep/0"),
    source=Path("sweep"),
    name="0",
    config={},
    groups=frozenset({"optimizer", "schedule", "model"}),
    overrides=(),
    flags=(),
    seed=0,
    status="completed",
    error=None,
    steps=100,
    epochs=5.0,
    parameters=10,
    metrics={},
    best_metric="val/accuracy",
    best_value=0.9,
    best_step=80,
    mode=None,
    seconds={"total": 3.0, "compile": 1.0, "train": 1.5, "evaluate": 0.5},
    started="2026-11-24T22:56:03",
    findings=(),
    provenance=SOURCE,
    records=Path("nowhere/metrics.jsonl"),
)


def run(
    value: float | None = 0.9, seed: int = 0, options: dict[str, Any] | None = None, **changes: Any
) -> Run:
    """A run whose best value is `value`; it diverged where that is None."""
    status = "completed" if value is not None else "diverged"
    config = dict(options or {})
    overrides = (*(f"{key}={option}" for key, option in config.items()), f"seed={seed}")
    made = {"best_value": value, "seed": seed, "config": config, "status": status, "overrides": overrides}
    return replace(RUN, **(made | changes))


def seeds(values: Iterable[float | None], **options: Any) -> list[Run]:
    """One run a value, with seeds 0, 1, ...; `optimizer__learning_rate=0.1` is a dotted key."""
    named = {key.replace("__", "."): value for key, value in options.items()}
    return [run(value, seed, named) for seed, value in enumerate(values)]


def same(first: float, second: float) -> bool:
    """Whether two numbers are equal to rounding, or both are nan."""
    return math.isclose(first, second, rel_tol=1e-12, abs_tol=1e-15) or (first != first and second != second)
