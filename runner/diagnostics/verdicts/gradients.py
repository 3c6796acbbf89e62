"""Gradients that shrink or grow on their way through the layers."""

import numpy as np

from runner.diagnostics.findings import Evidence, Finding
from runner.diagnostics.history import Curve, History
from runner.diagnostics.verdicts.progress import has_learned
from runner.diagnostics.verdicts.units import dead_units

VANISHED = 1e-2
"""What of the last layer's gradient norm reaches the first where it vanishes (Glorot and Bengio 2010)."""
EXPLODED = 1e3
"""The first layer's norm in those of the last where gradients explode; and a norm in its own median."""
LARGE = 1e2
"""A gradient norm that no step should follow unclipped."""
DEEP = 3
"""Layers from which on one speaks of a way through them."""


def vanishing_gradient(history: History) -> Finding | None:
    """The first layer's gradient is next to nothing beside the last layer's (Hochreiter 1991).

    Where a layer is dead and nothing at all comes through, it is cut off, which `dead_units` tells.
    """
    ends = _ends(history)
    if ends is None:
        return None
    (first, one), (last, other) = ends
    count = min(len(one), len(other))
    ratio = one.values[:count] / np.maximum(other.values[:count], 1e-30)
    typical = float(np.median(ratio))
    if typical >= VANISHED or float(np.max(other.values)) == 0:
        return None
    if typical == 0 and dead_units(history) is not None:
        return None
    sentence = f"the gradient of {first} is {typical:.1e} of that of {last}, in the median over the run"
    grave = "warning" if has_learned(history) else "problem"
    evidence = Evidence(sentence, {"ratio": typical, "layers": float(len(history.layers))})
    cure = "activation=relu normalization=batch"
    return Finding("vanishing_gradient", grave, first, evidence, cure, one.since(ratio < VANISHED))


def exploding_gradient(history: History) -> Finding | None:
    """The gradient grows through the layers, or bursts (Bengio, Simard and Frasconi 1994; Pascanu 2013)."""
    return _through_layers(history) or _bursts(history)


def _through_layers(history: History) -> Finding | None:
    ends = _ends(history)
    if ends is None:
        return None
    (first, one), (last, other) = ends
    count = min(len(one), len(other))
    ratio = one.values[:count] / np.maximum(other.values[:count], 1e-30)
    typical = float(np.median(ratio))
    if typical <= EXPLODED:
        return None
    sentence = f"the gradient of {first} is {typical:.1e} times that of {last}, in the median over the run"
    evidence = Evidence(sentence, {"ratio": typical})
    cure = "initializer=he_normal normalization=batch"
    return Finding("exploding_gradient", "problem", first, evidence, cure, one.since(ratio > EXPLODED))


def _bursts(history: History) -> Finding | None:
    norm, burst = history.curve("gradient_norm/global"), history.curve("gradient_norm/largest")
    if history.asked.gradient_clip:
        return None
    known: list[tuple[float, int]] = []
    if burst is not None:
        known.append((float(np.max(burst.values)), int(burst.steps[np.argmax(burst.values)])))
    lost = history.diverged_at is not None
    if lost and history.last_burst is not None:
        known.append((history.last_burst, history.diverged_at or 0))
    largest, at = max(known, default=(0.0, 0))
    median = None if norm is None else float(np.median(norm.values))
    if largest <= LARGE or not (lost or (median is not None and largest > EXPLODED * median)):
        return None
    sentence = f"the gradient's norm reached {largest:.3g}"
    sentence += "" if median is None else f"; it was {median:.3g} in the median over the run"
    evidence = Evidence(sentence, {"largest": largest} | ({} if median is None else {"median": median}))
    grave = "problem" if lost or not has_learned(history) else "warning"
    return Finding("exploding_gradient", grave, "gradient", evidence, "optimizer.gradient_clip=1.0", at)


def _ends(history: History) -> tuple[tuple[str, Curve], tuple[str, Curve]] | None:
    """The first and the last layer, where there are enough."""
    if len(history.layers) < DEEP:
        return None
    first, last = history.layers[0], history.layers[-1]
    norms = history.by_layer("gradient_norm")
    return (first, norms[first]), (last, norms[last])
