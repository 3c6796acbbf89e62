"""Clipping that is no exception."""

import numpy as np

from runner.diagnostics.findings import Evidence, Finding
from runner.diagnostics.history import History

ALWAYS = 0.9
"""The share of records whose gradient is clipped from which on the clip is what sets the step."""


def clipping_always(history: History) -> Finding | None:
    """Nearly every gradient is longer than the clip lets it be, which then rescales the learning rate."""
    norm, limit = history.curve("gradient_norm/global", 3), history.asked.gradient_clip
    if norm is None or not limit:
        return None
    share = float(np.mean(norm.values > limit))
    if share < ALWAYS:
        return None
    typical = float(np.median(norm.values))
    sentence = f"{share:.0%} of the gradients are clipped: their norm is {typical:.3g} in the median"
    evidence = Evidence(sentence, {"share": share, "median": typical, "limit": limit})
    cure = f"optimizer.gradient_clip={float(f'{2 * typical:.1g}'):g}"
    return Finding(
        "clipping_always", "warning", "optimizer.gradient_clip", evidence, cure, int(norm.steps[0])
    )
