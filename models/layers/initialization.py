"""Initial weights that the libraries do not have."""

from typing import Any

import jax
import jax.numpy as jnp

from models.layers._types import Initializer, Number


def uniform(scale: Number) -> Initializer:
    """Uniform on [-scale, scale); the one of JAX is on [0, scale), where all weights have one sign."""

    def init(key: jax.Array, shape: Any, dtype: Any = None, out_sharding: Any = None) -> jax.Array:
        drawn = jax.random.uniform(key, shape, dtype or float, -1, 1, out_sharding=out_sharding)
        return jnp.asarray(scale, drawn.dtype) * drawn

    return init
