"""Signals: functions of parameters, gradients and updates to scalars by tag, taken in every step.

Each is averaged over the steps between two records.
"""

from typing import Any

import jax
import optax

Signals = dict[str, jax.Array]


def none(parameters: Any, gradients: Any, updates: Any) -> Signals:
    """Nothing."""
    return {}


def basic(parameters: Any, gradients: Any, updates: Any) -> Signals:
    """The Euclidean norm of the whole gradient, before clipping."""
    return {"gradient_norm/global": optax.tree.norm(gradients)}
