"""A run as it is judged: what it has recorded so far, and what was asked of it."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

BATCH_LOSS = "diagnostics/batch_loss"
OVERALL = ("/global", "/largest")
"""How tags of the whole network end, among those of its layers."""


@dataclass(frozen=True)
class Curve:
    """The values of a tag, in the order of their steps."""

    steps: np.ndarray
    values: np.ndarray

    def __len__(self) -> int:
        return len(self.steps)

    @property
    def last(self) -> float:
        """The latest value."""
        return float(self.values[-1])

    def late(self, share: float) -> np.ndarray:
        """The values of the last share of the steps so far, one at least."""
        return self.values[self.steps >= self.steps[-1] * (1 - share)]

    def since(self, shown: np.ndarray) -> int:
        """The first step from which on `shown` [n], a truth about each value, holds to the end."""
        broken = np.flatnonzero(~shown)
        return int(self.steps[0 if len(broken) == 0 else min(broken[-1] + 1, len(self.steps) - 1)])


class Asked(NamedTuple):
    """What the config says of a run."""

    learning_rate: float = 0.0
    gradient_clip: float = 0.0
    """The largest norm that a gradient is let have; 0 for any."""
    rate_will_fall: Callable[[float], bool] = lambda rate: False
    """Whether the schedule has yet to lower the rate from that."""
    untrained: bool = True
    """Whether it begins at weights that have learned nothing, and not at those of another run."""

    def with_rate(self, factor: float) -> str | None:
        """The override of a rate so many times as large; None where the config names no rate."""
        rate = factor * self.learning_rate
        return f"optimizer.learning_rate={rate:.2g}" if rate else None


NOTHING = Asked()


@dataclass(frozen=True)
class History:
    """What a verdict rests on."""

    curves: Mapping[str, Curve]
    """By tag; non-finite values are left out."""
    loss_at_start: float | None = None
    """Of the model before its first step, on the first batch."""
    baseline: float | None = None
    """The loss of a model whose outputs are all 0."""
    layers: tuple[str, ...] = ()
    """By their depth: those with a gradient norm of their own."""
    asked: Asked = NOTHING
    diverged_at: int | None = None
    """The step at which the loss was not finite."""
    last_burst: float | None = None
    """The largest norm that a gradient had before that, since the last record."""
    over: bool = True
    """Whether it trains no further."""

    @property
    def starts_high(self) -> bool:
        """Whether the untrained model's loss is far above that of outputs that are all 0."""
        start, known = self.loss_at_start, self.baseline
        return start is not None and known is not None and not start <= 2 * known

    def curve(self, tag: str, least: int = 1) -> Curve | None:
        """The curve of a tag; None where it has fewer values than that."""
        found = self.curves.get(tag)
        return found if found is not None and len(found) >= least else None

    def by_layer(self, signal: str) -> dict[str, Curve]:
        """The curves of a signal for each layer that has one."""
        prefix = f"{signal}/"
        return {
            tag.removeprefix(prefix): curve
            for tag, curve in self.curves.items()
            if tag.startswith(prefix) and not tag.endswith(OVERALL) and len(curve)
        }


def history(
    records: Sequence[Mapping[str, float | None]],
    asked: Asked,
    diverged_at: int | None = None,
    last_burst: float | None = None,
    over: bool = True,
) -> History:
    """The history of a run from what was seen before its first step, and its lines of `metrics.jsonl`."""
    columns: dict[str, list[tuple[float, float]]] = {}
    for record in records:
        step = record["step"] or 0.0
        for tag, value in record.items():
            if tag not in ("step", "epoch") and value is not None and math.isfinite(value):
                columns.setdefault(tag, []).append((step, value))
    curves = {tag: Curve(*np.asarray(pairs, float).T) for tag, pairs in columns.items()}
    prefix = "gradient_norm/"
    found = [tag for tag in curves if tag.startswith(prefix) and not tag.endswith(OVERALL)]
    named = tuple(tag.removeprefix(prefix) for tag in found)
    blank = curves.get(f"{BATCH_LOSS}/zeros")
    baseline = None if blank is None else float(np.mean(blank.values))
    return History(curves, _loss_at_start(records), baseline, named, asked, diverged_at, last_burst, over)


def _loss_at_start(records: Sequence[Mapping[str, float | None]]) -> float | None:
    tag = f"{BATCH_LOSS}/network"
    if not records or records[0]["step"] != 0 or tag not in records[0]:
        return None
    found = records[0][tag]
    return float("nan") if found is None else found
