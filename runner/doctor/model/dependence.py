"""What the outputs depend on: all of an example's features, and nothing of its neighbours."""

import numpy as np

from runner.diagnostics.findings import Severity
from runner.doctor.checked import Checked, counted, finding, percent

MANY = 0.05
"""The share of features that are ignored from which it is a problem."""
ROUNDING = 1e-6
"""Of 64-bit floats there is much less; of a model that rounds to 32 bits, about a tenth."""


def check_features_used(reach: np.ndarray, examples: int) -> Checked:
    """Input features that no output depends on.

    Args:
        reach: how much outputs change with each feature, shaped like an example, the most of several models.
        examples: how many examples were tried.
    """
    ignored = np.argwhere(reach == 0)
    said = f"the outputs for {counted(examples, 'example')} depend on all {reach.size} input features"
    if not len(ignored):
        return Checked(said)
    share = len(ignored) / reach.size
    places = ", ".join(str(place.tolist()) for place in ignored[:4]) + (", ..." if len(ignored) > 4 else "")
    grave: Severity = "problem" if share >= MANY else "warning"
    sentence = (
        f"no output depends on {len(ignored)} of {reach.size} input features ({percent(share)}): {places}"
    )
    found = finding("ignored_features", grave, "inputs", sentence, features=len(ignored), share=share)
    return Checked(said, [found])


def check_independence(alone: np.ndarray, among_others: np.ndarray) -> Checked:
    """Examples whose outputs, in inference, change with their neighbours in the batch.

    Args:
        alone: outputs [h, k].
        among_others: those of the same examples in another batch.
    """
    scale = max(float(np.abs(alone).max()), 1e-30)
    moved = float(np.abs(alone - among_others).max()) / scale
    said = f"outputs for {len(alone)} examples do not change with their neighbours in a batch ({moved:.1e})"
    if moved <= ROUNDING:
        return Checked(said)
    sentence = (
        f"an example's outputs change by {percent(moved)} with its neighbours in the batch: something in the "
        f"model works across examples"
    )
    return Checked(said, [finding("batch_dependence", "problem", "model", sentence, moved=moved)])
