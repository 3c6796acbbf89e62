"""From sums of signals to what is recorded."""

from collections.abc import Sequence

import numpy as np


def averages(tags: Sequence[str], sums: np.ndarray) -> dict[str, float]:
    """The average of each signal by tag; `sums` [2, tags] are those above and below the line.

    A signal that has nothing below its line is left out: saturation of what has no bound, the loss of a class
    that no batch had.
    """
    above, below = sums.tolist()
    rows = zip(tags, above, below, strict=True)
    return {tag: upper / lower for tag, upper, lower in rows if not lower <= 0}
