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


def check_reached(largest: np.ndarray, names: Sequence[str], steps: int) -> Checked:
    """Parameters whose gradient is exactly 0 after a few steps.

    Args:
        largest: the largest absolute gradient in each array of parameters, [arrays].
        names: of the arrays.
        steps: how many steps were taken before.
    """
    dead = [name for name, size in zip(names, largest, strict=True) if size == 0]
    if not dead:
        return Checked(f"all {counted(len(names), 'array')} of parameters get a gradient after {steps} steps")
    told = ", ".join(dead[:NAMED]) + (", ..." if len(dead) > NAMED else "")
    verb = "gets" if len(dead) == 1 else "get"
    sentence = f"{len(dead)} of {len(names)} arrays of parameters {verb} no gradient: {told}"
    return Checked(sentence, [_no_gradient(sentence, dead, len(names), steps)])


def _no_gradient(sentence: str, dead: list[str], of: int, steps: int) -> Finding:
    return finding(
        "no_gradient", "problem", dead[0], sentence, "initializer=he_normal", steps, arrays=len(dead), of=of
    )
