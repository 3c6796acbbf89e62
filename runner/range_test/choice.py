"""Which of the learning rates that were trained at is best: pure functions of numbers."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

GAINED, REACHED = 0.03, 0.1
"""Rates are as good as the best if they fall short by no more than these shares of what it gained over no
training and of what it reached: a model that begins far off gains much whatever the rate."""


CHOSEN = 1 / 4
"""How far up the good rates the choice lies: a whole run is longer, and likes lower rates.

benchmarks/find_lr.py measures how often it is good for the whole run.
"""


class Choice(NamedTuple):
    """One of the rates that are as good as the best."""

    rate: float
    value: float
    """Of the objective, after training at that rate."""
    first: float
    last: float
    """The least and the largest of the good rates."""

    def apart(self, rate: float) -> float:
        """The factor between a rate and the nearest good one: 1 where it is good."""
        return max(self.first / rate, rate / self.last, 1.0)


def choose(
    rates: Sequence[float], values: Sequence[float], maximise: bool, untrained: float, error: float
) -> Choice | None:
    """Chooses among ascending rates by the values [n] of an objective, nan where a training diverged.

    `untrained` is its value before the first step, `error` its standard error: what differs by less is as
    good. The good rates are those about the best one without a gap, and the choice lies well among them,
    where no small change makes it worse. None where no rate is better than no training.
    """
    scores = np.asarray(values, float) * (1 if maximise else -1)
    scores = np.where(np.isfinite(scores), scores, -np.inf)
    best = int(scores.argmax())
    gain = scores[best] - (untrained if maximise else -untrained)
    if not gain > error:
        return None
    short = max(error, min(GAINED * gain, REACHED * abs(scores[best])))
    good = scores >= scores[best] - short
    first = best - _run(good[:best][::-1])
    last = best + _run(good[best + 1 :])
    chosen = first + round(CHOSEN * (last - first))
    return Choice(rates[chosen], values[chosen], rates[first], rates[last])


def standard_error(metric: str, value: float, examples: int) -> float:
    """Of an accuracy over n examples: sqrt(p (1 - p) / n), p a little away from 0 and 1 (Laplace's rule).

    0 for other metrics, whose spread over examples is not known.
    """
    if metric.rpartition("/")[2] != "accuracy":
        return 0.0
    share = (value * examples + 1) / (examples + 2)
    return float(np.sqrt(share * (1 - share) / examples))


def _run(good: np.ndarray) -> int:
    """How many are good before the first that is not."""
    return len(good) if good.all() else int(good.argmin())
