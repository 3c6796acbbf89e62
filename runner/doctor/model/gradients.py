"""Whether gradients are right, and reach every parameter."""

from collections.abc import Sequence

import numpy as np

from runner.diagnostics.findings import Finding
from runner.doctor.checked import Checked, counted, finding

AGREE, OFF = 0.01, 0.05
"""Differences of two widths that agree to the first are trusted; a gradient off by more than the second is
wrong, as a share of the largest."""
NAMED = 6


def check_differences(gradients: np.ndarray, differences: np.ndarray) -> Checked:
    """Gradients beside central differences.

    A difference whose two widths disagree met a kink, or has drowned in rounding, and tells nothing.

    Args:
        gradients: [m].
        differences: of two widths, [m, 2].
    """
    scale = max(float(np.abs(gradients).max()), float(np.abs(differences).max()), 1e-30)
    size = np.maximum(np.abs(differences).max(axis=1), 1e-6 * scale)
    trusted = np.abs(differences[:, 0] - differences[:, 1]) <= AGREE * size
    off = np.abs(gradients - differences[:, 1]) / np.maximum(size, np.abs(gradients))
    compared, worst = int(trusted.sum()), float(off[trusted].max()) if trusted.any() else 0.0
    said = f"{compared} of {len(gradients)} entries compared in 64 bits: off by {worst:.1e} at most"
    wrong = trusted & (off > OFF)
    if not wrong.any():
        return Checked(said)
    count, found = int(wrong.sum()), differences[wrong][0, 1]
    sentence = (
        f"{counted(count, 'gradient')} of {compared} not what the loss does: {gradients[wrong][0]:.4g} where "
        f"finite differences give {found:.4g}; look for stop_gradient, rounding, or a derivative of your own"
    )
    numbers = {"wrong": count, "off": worst}
    return Checked(said, [finding("wrong_gradient", "problem", "model", sentence, **numbers)])


def check_reached(
    first: np.ndarray,
    then: np.ndarray,
    names: Sequence[str],
    steps: int,
    initializer: str | None,
    rate: str | None,
) -> Checked:
    """Parameters whose gradient is exactly 0 after a few steps.

    Args:
        first: the largest absolute gradient in each array of parameters before the first step, [arrays].
        then: the same after some steps.
        names: of the arrays.
        steps: how many steps.
        initializer: an override, for gradients that were 0 from the beginning.
        rate: an override, for gradients that were lost on the way.
    """
    never = [name for name, *sizes in zip(names, first, then, strict=True) if not any(sizes)]
    lost = [name for name, before, after in zip(names, first, then, strict=True) if before and not after]
    found: list[Finding] = []
    if never:
        sentence = (
            f"{len(never)} of {counted(len(names), 'array')} of parameters get no gradient: {_told(never)}"
        )
        numbers = {"arrays": len(never), "of": len(names)}
        found.append(finding("no_gradient", "problem", never[0], sentence, initializer, **numbers))
    if lost:
        sentence = (
            f"{len(lost)} of {counted(len(names), 'array')} of parameters have lost their gradient "
            f"after {steps} steps: {_told(lost)}"
        )
        numbers = {"arrays": len(lost), "of": len(names)}
        found.append(finding("dead_units", "problem", lost[0], sentence, rate, steps, **numbers))
    said = f"all {counted(len(names), 'array')} of parameters get a gradient after {steps} steps"
    return Checked(said, found)


def _told(names: list[str]) -> str:
    return ", ".join(names[:NAMED]) + (", ..." if len(names) > NAMED else "")
