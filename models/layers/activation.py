"""How an architecture makes an activation, a function or a module with parameters, and how it is watched."""

from collections.abc import Callable
from functools import partial

import jax
import jax.numpy as jnp
from flax import nnx
from jax.typing import DTypeLike

from models.layers._types import Activation

NEAR, ENDS = (-0.5, 0.5), (-30.0, 30.0)
"""Where an activation is taken to be as steep as it gets, and where one that flattens has."""


class ActivationLayer(nnx.Module):
    """The activation of one layer, from [..., features] to [..., units].

    While `watched` it sows, for `nnx.capture`: `output`, what it returns; `slope` [..., units], the size of
    its derivative there as a share of how steep it is near zero; `ends` [units], the same at the steeper of
    its two ends. Both are 1 where it is flat near zero too, as a softmax of features that all grow alike.
    """

    def __init__(self, function: Callable[[jax.Array], jax.Array]) -> None:
        self.function = function
        self.watched = False

    def __call__(self, x: jax.Array) -> jax.Array:
        y = self.function(x)
        if self.watched:
            for name, value in {"output": y, **steepness(self.function, x)}.items():
                self.sow(nnx.Intermediate, name, jax.lax.stop_gradient(value))
        return y


def steepness(function: Callable[[jax.Array], jax.Array], x: jax.Array) -> dict[str, jax.Array]:
    """`slope` and `ends` of a function at x, as `ActivationLayer` describes them."""
    places = jnp.asarray([*NEAR, *ENDS], x.dtype)[:, None]
    found = _slopes(function, jnp.broadcast_to(places, (len(places), x.shape[-1])))
    near, ends = found[: len(NEAR)].max(axis=0), found[len(NEAR) :].max(axis=0)
    known, unit = near > 0, jnp.where(near > 0, near, 1)
    slope = _slopes(function, jax.lax.stop_gradient(x)) / unit
    return {"slope": jnp.where(known, slope, 1), "ends": jnp.where(known, ends / unit, 1)}


def _slopes(function: Callable[[jax.Array], jax.Array], x: jax.Array) -> jax.Array:
    # Backwards: a function may have a rule of its own for one direction alone, and that is always this one.
    y, pull = jax.vjp(function, x)
    (slopes,) = pull(jnp.ones_like(y))
    # Of the several features that a unit of a maxout has, one counts.
    return jnp.abs(slopes.reshape(*y.shape, -1).sum(axis=-1))


def make_activation(activation: Activation, num_features: int, *, param_dtype: DTypeLike) -> ActivationLayer:
    """The activation of one layer, for [..., num_features].

    A class, or a partial of one, is made anew for each layer: its parameters are the layer's own. They start
    at constants, so they need no stream. A function is all layers' own.
    """
    made = activation.func if isinstance(activation, partial) else activation
    own = activation(num_features, param_dtype=param_dtype) if isinstance(made, type) else activation
    return ActivationLayer(own)


def pieces(activation: Activation) -> int:
    """How many times as wide as its output the layer before an activation must be: 1, but for maxout."""
    return getattr(activation, "pieces", 1)
