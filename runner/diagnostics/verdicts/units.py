"""Units that answer nothing any more."""

import numpy as np

from runner.diagnostics.findings import Evidence, Finding
from runner.diagnostics.history import Curve, History
from runner.diagnostics.verdicts.progress import has_learned

MANY, MOST = 0.5, 0.9
"""Shares of a layer's units from which on they are worth a word, and a network can hardly learn."""


def dead_units(history: History) -> Finding | None:
    """Units that are 0, or flat, for every example of a batch (Maas, Hannun and Ng 2013)."""
    return _units(history, "dead_units", "dead for a whole batch", "activation=leaky_relu")


def saturated_units(history: History) -> Finding | None:
    """Activations at the flat ends of a bounded one (LeCun et al. 1998, "Efficient BackProp")."""
    return _units(history, "saturated_units", "saturated", "initializer=xavier_normal")


def _units(history: History, name: str, said: str, cure: str) -> Finding | None:
    layers = history.by_layer(f"diagnostics/{name}")
    if not layers:
        return None
    layer, curve = max(layers.items(), key=lambda item: _late(item[1]))
    share = _late(curve)
    if share < MANY:
        return None
    others = sum(_late(other) >= MANY for other in layers.values()) - 1
    also = f", and as bad in {others} more of {len(layers)} layers" if others else ""
    sentence = f"{share:.0%} of the units of {layer} are {said}{also}"
    grave = "problem" if share >= MOST and not has_learned(history) else "warning"
    evidence = Evidence(sentence, {"share": share, "layers": float(others + 1)})
    return Finding(name, grave, layer, evidence, cure, curve.since(curve.values >= MANY))


def _late(curve: Curve) -> float:
    return float(np.median(curve.late(0.34)))
