"""What an ensemble gains on test over its members, and how sure that is."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from runner.ensembles.bootstrap import interval, resampled_means
from runner.ensembles.kinds import Kind


class Estimate(NamedTuple):
    """A measure on test with its 95 % interval: the percentile bootstrap over the test examples."""

    value: float
    low: float
    high: float


Row = Mapping[str, Estimate]
"""By the name of the measure."""


class Outcome(NamedTuple):
    """Of an ensemble on test."""

    ensemble: Row
    best_single: Row
    mean_single: Row
    over_best: Row
    """The ensemble's less the best single's, paired by example."""
    over_mean: Row
    members: Sequence[Mapping[str, float]]
    """The measures of each member."""


def judge(kind: Kind, outputs: np.ndarray, members: np.ndarray, best: int, targets: np.ndarray) -> Outcome:
    """Compares an ensemble's outputs [n, k] for test with those of its members, [members, n, k].

    `best` is the member that was best on val. The mean single run's measure is the mean of the members'
    measures. The intervals are over test examples, for these members: other seeds are another matter.
    """
    columns = [kind.columns(own, targets) for own in (outputs, *members)]
    shape = len(columns), columns[0].shape[1]
    together = np.concatenate(columns, axis=1)
    # [predictors, measures], and the same of each resample.
    point = kind.measure(together.mean(axis=0).reshape(shape))
    drawn = kind.measure(resampled_means(together).reshape(-1, *shape))

    def row(of: np.ndarray, draws: np.ndarray) -> Row:
        spans = [interval(draws[:, place]) for place in range(len(kind.measures))]
        triples = zip(kind.measures, of.tolist(), spans, strict=True)
        return {name: Estimate(value, *span) for name, value, span in triples}

    own, single, mean = (0, 0), (best + 1, best + 1), (1, len(columns) - 1)

    def over(first: tuple[int, int], second: tuple[int, int] | None = None) -> Row:
        values = [
            _mean(array, first) - (0 if second is None else _mean(array, second)) for array in (point, drawn)
        ]
        return row(*values)

    each = [dict(zip(kind.measures, measures.tolist(), strict=True)) for measures in point[1:]]
    return Outcome(over(own), over(single), over(mean), over(own, single), over(own, mean), each)


def _mean(measures: np.ndarray, span: tuple[int, int]) -> np.ndarray:
    return measures[..., span[0] : span[1] + 1, :].mean(axis=-2)
