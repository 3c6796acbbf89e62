"""Step sizes: how far an optimizer goes, at rest, along a gradient of 1.

Functions of the optimizer's state after its update and the scheduled rate to a number, or to a tree like the
weights. Proximal steps of that size balance the optimizer's: at rest under L1, |gradient| is the strength
(ProxGen: Yun, Lozano and Yang 2021, "Adaptive proximal gradient methods for structured neural networks").
"""

from typing import Any

import jax
import jax.numpy as jnp
import optax

Number = jax.Array | float


def sgd(state: Any, rate: Number) -> Number:
    """rate, for w <- w - rate g."""
    del state
    return rate


def momentum(state: Any, rate: Number, *, momentum: Number) -> Number:
    """rate / (1 - momentum), for v <- momentum v + g; w <- w - rate v, and as well for Nesterov's form of it.

    A constant gradient g makes v = g / (1 - momentum).
    """
    del state
    return rate / (1 - momentum)


def adam(state: Any, rate: Number, *, b2: Number, eps: Number) -> Any:
    """rate / (sqrt(v / (1 - b2^t)) + eps) by element, for Adam, AdamW and NAdam (`optax.scale_by_adam`)."""
    own = _named(state, "ScaleByAdamState")
    corrected = optax.tree.bias_correction(own.nu, b2, own.count)
    return jax.tree.map(lambda v: rate / (jnp.sqrt(v) + eps), corrected)


def adagrad(state: Any, rate: Number, *, eps: Number) -> Any:
    """rate / sqrt(G + eps) by element, G the sum of squares (`optax.scale_by_rss`)."""
    own = _named(state, "ScaleByRssState")
    return jax.tree.map(lambda g: rate * jax.lax.rsqrt(g + eps), own.sum_of_squares)


def rmsprop(state: Any, rate: Number, *, eps: Number) -> Any:
    """rate / sqrt(E + eps) by element, E the mean of squares (`optax.scale_by_rms`)."""
    own = _named(state, "ScaleByRmsState")
    return jax.tree.map(lambda e: rate * jax.lax.rsqrt(e + eps), own.nu)


def _named(state: Any, name: str) -> Any:
    found = optax.tree.get(state, name)
    if found is None:
        raise ValueError(f"the optimizer's state has no {name}; this step size is another optimizer's")
    return found
