"""Whether the loss of an untrained model is what it should be."""

import math

from runner.diagnostics.findings import Evidence, Finding, Severity

NAME = "loss_at_start"
TIMES, MORE = 2.0, 2.0
"""Outputs of about unit variance add less than this to the expected loss."""
FAR_TIMES, FAR_MORE = 5.0, 10.0
LEAST = 0.5
"""The share of the expected loss below which an untrained model knows something."""


def loss_at_start(
    loss: float, expected: float, suggestion: str | None = "initializer=he_normal", step: int | None = None
) -> Finding | None:
    """What is wrong with the loss before the first step; None where nothing is.

    Args:
        loss: of the untrained model.
        expected: of a model whose outputs are all 0: ln K for the cross-entropy of K classes, the variance
            for the squared error of centred targets.
        suggestion: what makes the first outputs smaller.
        step: the step it was measured at, where it is one's.
    """
    numbers = {"expected": expected} | ({"loss": loss} if math.isfinite(loss) else {})

    def found(severity: Severity, sentence: str, cure: str | None) -> Finding:
        return Finding(NAME, severity, "initial weights", Evidence(sentence, numbers), cure, step)

    if not math.isfinite(loss):
        return found("problem", "the loss of the untrained model is not finite", suggestion)
    beside = f"the untrained model's loss is {loss:.4g}, and {expected:.4g} where all outputs are 0"
    if loss > TIMES * expected + MORE:
        grave: Severity = "problem" if loss > FAR_TIMES * expected + FAR_MORE else "warning"
        return found(grave, f"{beside}: its first outputs are too large", suggestion)
    if loss < LEAST * expected:
        return found(
            "warning", f"{beside}: before it has learned it cannot know so much; is there a leak?", None
        )
    return None
