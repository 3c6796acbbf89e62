"""How an architecture makes an activation, whether it is a function or has parameters."""

from collections.abc import Callable
from functools import partial

import jax
from jax.typing import DTypeLike

from models.layers._types import Activation


def make_activation(
    activation: Activation, num_features: int, *, param_dtype: DTypeLike
) -> Callable[[jax.Array], jax.Array]:
    """The activation of one layer, for [..., num_features].

    A class, or a partial of one, is made anew for each layer: its parameters are the layer's own. They start
    at constants, so they need no stream. A function is all layers' own.
    """
    made = activation.func if isinstance(activation, partial) else activation
    return activation(num_features, param_dtype=param_dtype) if isinstance(made, type) else activation


def pieces(activation: Activation) -> int:
    """How many times as wide as its output the layer before an activation must be: 1, but for maxout."""
    return getattr(activation, "pieces", 1)
