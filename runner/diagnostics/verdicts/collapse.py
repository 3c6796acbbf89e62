"""A generator whose examples of a class are all alike."""

import numpy as np

from runner.diagnostics.findings import Evidence, Finding
from runner.diagnostics.history import Curve, History

SPREAD = "val/spread"
"""How far apart what a generator makes of a class is, in the mean; only generators have it."""
POOR, COLLAPSED = 0.5, 0.25
"""Of how far apart the data of a class is."""


def collapse(history: History) -> Finding | None:
    """What is made of a class is far less diverse than the data (Goodfellow 2016, arXiv 1701.00160)."""
    spread, data = history.curve(SPREAD, 3), history.curve("val/data_spread", 3)
    if spread is None or data is None or history.diverged_at is not None:
        return None
    shares = Curve(spread.steps, spread.values / np.maximum(data.values, 1e-12))
    share = float(np.median(shares.late(0.2)))
    if share >= POOR:
        return None
    grave = "problem" if share < COLLAPSED else "warning"
    sentence = f"what is generated of a class is {share:.0%} as far apart as its examples are"
    evidence = Evidence(sentence, {"share": share, "spread": spread.last})
    return Finding("collapse", grave, "model", evidence, None, shares.since(shares.values < POOR))
