"""The layer that does nothing."""

import jax
from flax import nnx


class Identity(nnx.Module):
    """Returns its input: the place of a layer that is switched off."""

    def __call__(self, x: jax.Array) -> jax.Array:
        return x
