"""Whether the loss of an untrained model is what it should be."""

import math

from runner.diagnostics.findings import Evidence, Finding, Severity

HIGH, FAR_TOO_HIGH, LOW = 2.0, 5.0, 0.5
"""Multiples of the expected loss.

A network that is initialised well has outputs of about unit variance, which adds about a half to ln K.
"""
NAME = "loss_at_start"


def loss_at_start(loss: float, expected: float, step: int | None = None) -> Finding | None:
    """What is wrong with the loss before the first step; None where nothing is.

    Args:
        loss: of the untrained model.
        expected: of a model whose outputs are all 0: ln K for the cross-entropy of K classes, the variance
            for the squared error of centred targets.
        step: the step it was measured at, where it is one's.
    """
    if not math.isfinite(loss):
        return _finding("problem", loss, expected, "the loss of the untrained model is not finite", step)
    ratio = loss / expected if expected > 0 else 1.0
    beside = f"the untrained model's loss is {loss:.4g}, and {expected:.4g} where all outputs are 0"
    if ratio > HIGH:
        grave: Severity = "problem" if ratio > FAR_TOO_HIGH else "warning"
        said = f"{beside}: it is sure of what it cannot know, its first outputs are too large"
        return _finding(grave, loss, expected, said, step)
    if ratio < LOW:
        said = f"{beside}: a model that has not learned cannot know so much; look for a leak"
        return _finding("warning", loss, expected, said, step)
    return None


def _finding(severity: Severity, loss: float, expected: float, said: str, step: int | None) -> Finding:
    suggestion = None if loss < expected else "initializer=he_normal"
    numbers = {"loss": loss, "expected": expected}
    return Finding(NAME, severity, "initial weights", Evidence(said, numbers), suggestion, step)
