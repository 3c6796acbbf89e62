"""A learning rate that is off."""

import numpy as np

from runner.diagnostics.findings import Evidence, Finding
from runner.diagnostics.history import Curve, History
from runner.diagnostics.verdicts.progress import has_learned

LEAPS, CREEPS = 0.1, 1e-5
"""An update's norm in that of its weights: about 1e-3 is usual."""
RISEN = 1.5
"""The training loss in its least so far, from which on it has risen."""
USELESS, THROWN = 1.1, 3.0
"""The training loss in that of outputs that are all 0: of one that knows nothing, and after huge steps."""
STEADY = 0.5
"""How much of its early fall a loss still makes late where it has far to go."""


def learning_rate_too_high(history: History) -> Finding | None:
    """The loss leaps up, or never falls below that of knowing nothing, under steps as large as weights."""
    loss, ratio = history.curve("train/loss", 2), _update_ratio(history)
    if loss is None or history.diverged_at is not None:
        return None
    least, most = float(np.min(loss.values)), float(np.max(loss.values))
    known = history.baseline
    rose, leaps = loss.last > RISEN * least, ratio is not None and ratio > LEAPS
    # A model that hardly moves stays where it started, high or low.
    creeps = ratio is not None and ratio < CREEPS
    useless = known is not None and loss.last > USELESS * known and not creeps
    threw = known is not None and not history.starts_high and most > THROWN * known
    learned = has_learned(history)
    if not (threw or (not learned and (rose or useless or (leaps and _rough(loss))))):
        return None
    numbers = {"last": loss.last, "least": least, "most": most}
    sentence = f"the training loss was {least:.3g} at least and {most:.3g} at most, and is {loss.last:.3g}"
    if ratio is not None:
        numbers["update_ratio"] = ratio
        sentence += f"; an update was {ratio:.1e} of its weights, 1e-3 is usual"
    at = int(loss.steps[int(np.argmin(loss.values))])
    where = "optimizer.learning_rate"
    cure = history.asked.with_rate(0.1)
    grave = "warning" if learned else "problem"
    return Finding("learning_rate_too_high", grave, where, Evidence(sentence, numbers), cure, at)


def learning_rate_too_low(history: History) -> Finding | None:
    """The training loss has far to go, and falls as steadily as at first or under steps next to nothing.

    Not where they are nothing at all: no rate moves a network that has no gradient.
    """
    loss, ratio = history.curve("train/loss", 4), _update_ratio(history)
    if loss is None or history.diverged_at is not None or has_learned(history):
        return None
    creeps, steady = ratio is not None and 0 < ratio < CREEPS, _steady(loss, history)
    if not creeps and not steady:
        return None
    fell = 1 - loss.last / float(loss.values[0])
    numbers = {"fell": fell} | ({} if ratio is None else {"update_ratio": ratio})
    how = "and goes on falling as at first" if steady else "in steps that hardly move the weights"
    sentence = f"the training loss has fallen by {fell:.1%} {how}"
    if ratio is not None:
        sentence += f"; an update is {ratio:.1e} of its weights, 1e-3 is usual"
    where = "optimizer.learning_rate"
    cure = history.asked.with_rate(10)
    return Finding("learning_rate_too_low", "problem", where, Evidence(sentence, numbers), cure, 0)


def _update_ratio(history: History) -> float | None:
    """The median over layers and records."""
    layers = history.by_layer("diagnostics/update_ratio")
    return float(np.median(np.concatenate([curve.values for curve in layers.values()]))) if layers else None


def _rough(loss: Curve) -> bool:
    """Whether it goes up about as often as down."""
    return len(loss) >= 4 and float(np.mean(np.diff(loss.values) > 0)) > 0.4


def _steady(loss: Curve, history: History) -> bool:
    half = len(loss) // 2
    early, late = (loss.values[0] - loss.values[half]), (loss.values[half] - loss.values[-1])
    scale = history.baseline or float(loss.values[0])
    return bool(early > 1e-3 * scale and late > STEADY * early and not _rough(loss))
