"""Whether images are in the range that they should be in."""

import numpy as np

from runner.doctor.checked import Checked, finding

DARK = 0.05
"""Images whose brightest value is less than this share of the largest one were scaled twice."""


def check_values(inputs: np.ndarray, maximum: float) -> Checked:
    """Images outside of their range; that all numbers are finite was seen to when they were loaded.

    Args:
        inputs: images [n, height, width, channels], or features [n, d].
        maximum: `inputs / maximum` should lie in [0, 1] for images.
    """
    low, high = (float(extreme) / maximum for extreme in (inputs.min(), inputs.max()))
    said = f"{len(inputs):,} examples, all finite: from {low:.4g} to {high:.4g}"
    if inputs.ndim != 4 or (low >= -1e-6 and DARK <= high <= 1 + 1e-6):
        return Checked(said)
    of = "" if maximum == 1 else f" once divided by {maximum:g}"
    sentence = f"images should lie in 0 to 1{of}, and these go from {low:.4g} to {high:.4g}"
    if high < DARK:
        sentence += ": they were divided before"
    return Checked(said, [finding("wrong_range", "problem", "inputs", sentence, low=low, high=high)])
