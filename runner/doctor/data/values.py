"""Whether all values are numbers, and in the range that they should be in."""

import numpy as np

from runner.diagnostics.findings import Finding
from runner.doctor.checked import Checked, counted, finding
from runner.doctor.sample import told

NUMBERS = 100_000_000
"""How many numbers are looked at; more are sampled by examples."""
DARK = 0.05
"""Images whose brightest value is less than this share of the largest one were scaled twice."""


def check_values(inputs: np.ndarray, targets: np.ndarray, maximum: float) -> Checked:
    """NaN and infinity anywhere, and images outside of their range.

    Args:
        inputs: images [n, height, width, channels], or features [n, d].
        targets: classes [n] or numbers [n, k].
        maximum: `inputs / maximum` should lie in [0, 1] for images.
    """
    count = max(1, min(len(inputs), NUMBERS // max(1, inputs[0].size)))
    looked_at = inputs if count == len(inputs) else inputs[:: -(-len(inputs) // count)]
    found = [*_not_finite(looked_at, "inputs"), *_not_finite(targets, "targets")]
    about = told(len(looked_at), len(inputs), "examples")
    finite = looked_at if not found else looked_at[np.isfinite(looked_at)]
    low, high = (float(extreme) / maximum for extreme in (finite.min(), finite.max()))
    if inputs.ndim == 4:
        found += _out_of_range(low, high, maximum)
    return Checked(f"{about}: from {low:.4g} to {high:.4g}, all finite", found)


def _not_finite(values: np.ndarray, where: str) -> list[Finding]:
    if not np.issubdtype(values.dtype, np.floating):
        return []
    wrong = ~np.isfinite(values).reshape(len(values), -1)
    examples = int(wrong.any(axis=1).sum())
    if not examples:
        return []
    nan = int(np.isnan(values).sum())
    columns = np.flatnonzero(wrong.any(axis=0))
    place = f"columns {columns[:8].tolist()}" if len(columns) > 1 else f"column {columns[0]}"
    sentence = f"{where}: {counted(examples, 'example')} with NaN or infinity, in {place}"
    return [finding("not_finite", "problem", where, sentence, examples=examples, nan=nan)]


def _out_of_range(low: float, high: float, maximum: float) -> list[Finding]:
    if low >= -1e-6 and DARK <= high <= 1 + 1e-6:
        return []
    sentence = (
        f"images should lie in 0 to 1 once divided by {maximum:g}; these go from {low:.4g} to {high:.4g}"
    )
    if high < DARK:
        sentence += ": they were divided before"
    return [finding("wrong_range", "problem", "inputs", sentence, low=low, high=high)]
