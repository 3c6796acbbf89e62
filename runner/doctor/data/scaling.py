"""Whether the preprocessing fits: inputs, and targets that are numbers, as the model sees them."""

from collections.abc import Sequence

import numpy as np

from runner.diagnostics.findings import Severity
from runner.doctor.checked import Checked, finding

LARGE, FAR_TOO_LARGE = 10.0, 30.0
"""Root mean squares of a feature; initializers are made for about 1."""
SMALL = 0.02
UNEVEN, FAR_TOO_UNEVEN = 30.0, 100.0
"""How many times the largest feature's root mean square is the smallest's."""
FAR_TARGETS = 10.0


def check_scaling(inputs: np.ndarray, preprocessing: Sequence[str]) -> Checked:
    """Features as the model sees them that are too large, too small or too different in scale.

    Args:
        inputs: preprocessed, [n, d], or [n, height, width, channels], whose channels are looked at.
        preprocessing: the names of what was applied.
    """
    applied = "+".join(preprocessing) or "none"
    if not np.isfinite(inputs).all():
        sentence = f"preprocessing={applied} makes numbers that are not finite"
        return Checked(sentence, [finding("not_finite", "problem", "inputs", sentence)])
    axes = tuple(range(inputs.ndim - 1))
    wide = inputs.astype(np.float64)
    sizes = np.sqrt(np.mean(np.square(wide), axis=axes))
    changing = sizes[np.ptp(wide, axis=axes) > 0]
    least, largest = (float(changing.min()), float(changing.max())) if len(changing) else (1.0, 1.0)
    mean, deviation = float(wide.mean()), float(wide.std())
    said = (
        f"{len(inputs)} training examples as the model sees them: mean {mean:.3g}, deviation {deviation:.3g}"
    )
    grave = _severity(least, largest)
    if grave is None:
        return Checked(f"{said} (preprocessing={applied})")
    noun = "channel" if inputs.ndim == 4 else "feature"
    sentence = (
        f"with preprocessing={applied} the root mean square of a {noun} goes from {least:.3g} to "
        f"{largest:.3g}; about 1 is what initializers are made for"
    )
    suggestion = None if "standardize" in preprocessing else "preprocessing=standardize"
    found = finding("unscaled_inputs", grave, "inputs", sentence, suggestion, least=least, largest=largest)
    return Checked(said, [found])


def check_targets(targets: np.ndarray) -> Checked:
    """Targets [n, k], numbers, whose mean or scale a model first has to grow to."""
    mean, deviation = float(np.mean(targets)), float(np.std(targets))
    said = f"{len(targets):,} training targets: mean {mean:.4g}, deviation {deviation:.4g}"
    if abs(mean) <= FAR_TARGETS and SMALL <= deviation <= FAR_TARGETS:
        return Checked(said)
    sentence = f"{said}: the first steps go into reaching them; a loss near 1 is easier to read and to learn"
    found = finding("unscaled_targets", "remark", "targets", sentence, mean=mean, deviation=deviation)
    return Checked(said, [found])


def _severity(least: float, largest: float) -> Severity | None:
    uneven = largest / max(least, 1e-12)
    if largest > FAR_TOO_LARGE or uneven > FAR_TOO_UNEVEN:
        return "problem"
    return "warning" if largest > LARGE or uneven > UNEVEN or largest < SMALL else None
