"""A user's network."""

import math

import jax
import jax.numpy as jnp
from flax import nnx


class Net(nnx.Module):
    """One hidden layer whose activation has a number: max(x, slope * x)."""

    def __init__(self, input_shape, outputs, *, width: int, slope, dtype, rngs):
        self.hidden = nnx.Linear(math.prod(input_shape), width, dtype=dtype, rngs=rngs)
        self.logits = nnx.Linear(width, outputs, rngs=rngs)
        self.slope = slope

    def __call__(self, x: jax.Array) -> jax.Array:
        x = self.hidden(x.reshape(len(x), -1))
        return self.logits(jnp.maximum(x, self.slope * x))
