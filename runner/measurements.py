"""What a chunk of steps says of each lane: scalars by tag."""

from collections.abc import Callable, Sequence

import numpy as np

from runner.diagnostics.averages import averages
from runner.training.loop import Chunk
from runner.training.step import mean


def measured(chunk: Chunk, steps: int, signals: Sequence[str]) -> Callable[[int], dict[str, float]]:
    """The scalars of a lane, by its number, where the chunk ends a record of so many steps.

    `signals` are the tags of what diagnostics take; they come last, in their order.
    """
    columns = {
        tag: [mean(tag, total, steps) for total in totals.tolist()]
        for tag, totals in chunk.record.scalars.items()
    }
    columns["learning_rate"] = chunk.record.learning_rate.tolist()
    if chunk.verdict is not None:
        columns |= {f"val/{name}": value.tolist() for name, value in chunk.verdict.scalars.items()}
        columns |= {tag: value.tolist() for tag, value in chunk.verdict.weights.items()}

    def of_lane(lane: int) -> dict[str, float]:
        scalars = {tag: values[lane] for tag, values in columns.items()}
        if chunk.signals is not None:
            scalars |= averages(signals, np.asarray(chunk.signals[lane]))
        return scalars

    return of_lane
