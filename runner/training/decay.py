"""Decoupled weight decay for any optimizer."""

from typing import Any

import jax
import jax.numpy as jnp
import optax
from jax.typing import ArrayLike


def decoupled_weight_decay(schedule: optax.Schedule, decay: ArrayLike) -> optax.GradientTransformation:
    """Adds -rate_t * decay * w to the updates of weights (arrays of two or more axes).

    Loshchilov and Hutter 2019, arXiv 1711.05101. It comes after the optimizer, so its strength does not
    depend on the optimizer's own scaling; biases and normalization parameters are left alone.
    """

    def init(params: Any) -> Any:
        return jnp.int32(0)

    def update(updates: Any, state: Any, params: Any = None) -> tuple[Any, Any]:
        factor = schedule(state) * decay
        decayed = jax.tree.map(
            lambda u, w: u - (factor * w).astype(u.dtype) if _is_weight(w) else u, updates, params
        )
        return decayed, state + 1

    return optax.GradientTransformation(init, update)


def are_weights(params: Any) -> Any:
    """Of each array, whether it decays: whether it has two or more axes."""
    return jax.tree.map(_is_weight, params)


def _is_weight(array: jax.Array) -> bool:
    return array.ndim >= 2
