"""Normalization layers, and how an architecture makes one."""

from collections.abc import Callable

import jax
import jax.numpy as jnp
from flax import nnx
from jax.typing import DTypeLike

from models.layers._types import Normalization
from models.layers.identity import Identity


def none(num_features: int, *, dtype: DTypeLike, param_dtype: DTypeLike, rngs: nnx.Rngs) -> Identity:
    """No normalization, with the signature of one that has parameters."""
    del num_features, dtype, param_dtype, rngs
    return Identity()


def removes_bias(layer: object) -> bool:
    """Whether a bias before this layer has no effect: batch normalization subtracts it with the mean.

    Its gradient would be rounding noise, which an adaptive optimizer makes large.
    """
    return isinstance(layer, nnx.BatchNorm)


def make_normalization(
    normalization: Normalization, num_features: int, *, dtype: DTypeLike, param_dtype: DTypeLike
) -> Callable[[jax.Array], jax.Array]:
    """The layer that `normalization` makes for [..., num_features].

    Its parameters start at constants, so its stream is a fixed one of its own: switching it on leaves
    the initial kernels as they are. Its running statistics are as precise as its parameters; Flax keeps
    them in float32.
    """
    layer = normalization(num_features, dtype=dtype, param_dtype=param_dtype, rngs=nnx.Rngs(0))
    statistics = nnx.state(layer, nnx.BatchStat)
    nnx.update(
        layer, jax.tree.map(lambda leaf: leaf.astype(jnp.promote_types(leaf.dtype, param_dtype)), statistics)
    )
    return layer
