"""Signals: functions of what is seen of a step to scalars by tag, averaged over the steps looked at.

The layers of a signal are in the order of their depth, here and in every record.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import jax
import jax.numpy as jnp
import optax

from runner.diagnostics.activity import Activity
from runner.diagnostics.layers import spread
from runner.diagnostics.noise import gradient_noise
from runner.diagnostics.observed import Observed, Ratio, Signals

GLOBAL = "global"
"""In the place of a layer: the whole network."""
MOST = 16
"""Layers that `basic` looks at."""


def none(observed: Observed) -> Signals:
    """Nothing."""
    return {}


def basic(observed: Observed) -> Signals:
    """The batch's loss; of `MOST` layers gradient norm, update-to-weight ratio, dead and saturated units."""
    return _basic(observed, MOST)


def full(observed: Observed) -> Signals:
    """Everything, of every layer."""
    return {
        **_basic(observed, None),
        **_of_layers("diagnostics/weight_norm", observed.parameters, optax.tree.norm),
        **_of_layers("diagnostics/zero_activations", observed.activities, lambda seen: seen.zero),
        **_of_layers("diagnostics/activation_mean", observed.activities, lambda seen: seen.mean),
        **_of_layers("diagnostics/activation_variance", observed.activities, _variance),
        **_non_finite(observed),
        **{f"diagnostics/class_loss/{name}": loss for name, loss in observed.class_losses.items()},
        **_noise(observed),
    }


def _basic(observed: Observed, most: int | None) -> Signals:
    layers = _chosen(observed.parameters, most)
    activities = {name: observed.activities[name] for name in _chosen(observed.activities, most)}
    return {
        **{f"diagnostics/batch_loss/{of}": loss for of, loss in observed.losses.items()},
        **{f"gradient_norm/{name}": optax.tree.norm(observed.gradients[name]) for name in layers},
        **{f"diagnostics/update_ratio/{name}": _update_ratio(observed, name) for name in layers},
        **_of_layers("diagnostics/dead_units", activities, _dead),
        **_of_layers(
            "diagnostics/saturated_units", activities, lambda seen: Ratio(seen.saturated, seen.bounded)
        ),
    }


def _chosen(layers: Mapping[str, object], most: int | None) -> Sequence[str]:
    return list(layers) if most is None else spread(list(layers), most)


def _of_layers(signal: str, layers: Mapping[str, Any], of: Callable[[Any], jax.Array | Ratio]) -> Signals:
    return {f"{signal}/{name}": of(layer) for name, layer in layers.items()}


def _update_ratio(observed: Observed, name: str) -> Ratio:
    return Ratio(optax.tree.norm(observed.updates[name]), optax.tree.norm(observed.parameters[name]))


def _dead(seen: Activity) -> jax.Array:
    return jnp.mean(seen.dead == 1, dtype=seen.dead.dtype)


def _variance(seen: Activity) -> jax.Array:
    return seen.square - jnp.square(seen.mean)


def _non_finite(observed: Observed) -> Signals:
    """How many weights, gradients and activations of a layer are not finite."""
    return {f"diagnostics/non_finite/{name}": _count_of(observed, name) for name in observed.layers}


def _count_of(observed: Observed, name: str) -> jax.Array:
    arrays = [*observed.parameters.get(name, ()), *observed.gradients.get(name, ())]
    counts = [jnp.sum(~jnp.isfinite(array)) for array in arrays]
    if name in observed.activities:
        counts.append(observed.activities[name].non_finite)
    return jnp.sum(jnp.stack(counts))


def _noise(observed: Observed) -> Signals:
    norms = observed.squared_norms()
    if norms is None:
        return {}
    trace, signal = gradient_noise(norms)
    return {
        f"diagnostics/gradient_noise/{GLOBAL}": Ratio(trace, signal),
        f"diagnostics/noise_trace/{GLOBAL}": trace,
        f"diagnostics/squared_gradient/{GLOBAL}": signal,
    }
