"""Parametric rectified linear unit."""

import jax
import jax.numpy as jnp
from flax import nnx
from jax.typing import DTypeLike

from models.layers._types import Number


class PReLU(nnx.Module):
    """x where x >= 0, else slope * x with a learned slope, for [..., num_features].

    He et al. 2015, arXiv 1502.01852. The slope starts at `slope`; there is one a feature, or one for all if
    `shared`. It has one axis, so that no penalty and no weight decay pull it to 0, as in the paper: that
    would make it a ReLU. `flax.nnx.PReLU` has a single shared slope, which has no axis and starts at 0.01.
    """

    def __init__(
        self, num_features: int, *, slope: Number = 0.25, shared: bool = False, param_dtype: DTypeLike
    ) -> None:
        size = 1 if shared else num_features
        self.slope = nnx.Param(jnp.full((size,), slope, param_dtype))

    def __call__(self, x: jax.Array) -> jax.Array:
        return jnp.where(x >= 0, x, self.slope[...].astype(x.dtype) * x)
