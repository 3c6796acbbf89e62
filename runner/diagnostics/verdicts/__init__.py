"""Verdicts: from what a run has recorded to what is wrong with it."""

from collections.abc import Callable

from runner.diagnostics.findings import SEVERITIES, Finding
from runner.diagnostics.history import History
from runner.diagnostics.verdicts.clipping import clipping_always
from runner.diagnostics.verdicts.collapse import SPREAD, collapse
from runner.diagnostics.verdicts.divergence import diverged
from runner.diagnostics.verdicts.fit import overfitting, plateau, underfitting
from runner.diagnostics.verdicts.gradients import exploding_gradient, vanishing_gradient
from runner.diagnostics.verdicts.rate import learning_rate_too_high, learning_rate_too_low
from runner.diagnostics.verdicts.start import wrong_start
from runner.diagnostics.verdicts.units import dead_units, saturated_units

Verdict = Callable[[History], Finding | None]

VERDICTS: tuple[Verdict, ...] = (
    diverged,
    wrong_start,
    vanishing_gradient,
    exploding_gradient,
    dead_units,
    saturated_units,
    learning_rate_too_high,
    learning_rate_too_low,
    clipping_always,
    underfitting,
    overfitting,
    plateau,
)
"""From causes to what they cause."""

OF_GENERATORS: tuple[Verdict, ...] = (
    diverged,
    exploding_gradient,
    dead_units,
    saturated_units,
    clipping_always,
    collapse,
)
"""The others ask how far a loss is from that of knowing nothing, which a generator's does not say."""


def judge(history: History) -> list[Finding]:
    """What is wrong with a run, the gravest first."""
    verdicts = OF_GENERATORS if SPREAD in history.curves else VERDICTS
    found = [finding for verdict in verdicts if (finding := verdict(history)) is not None]
    return sorted(found, key=lambda finding: -SEVERITIES.index(finding.severity))
