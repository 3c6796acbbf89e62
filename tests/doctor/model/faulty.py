"""A network with a fault in each of its parts."""

import math

import jax
import jax.numpy as jnp
from flax import nnx


@jax.custom_vjp
def doubled(x):
    """2 x, whose derivative is said to be 1."""
    return 2 * x


doubled.defvjp(lambda x: (2 * x, None), lambda _, pulled: (pulled,))


class Faulty(nnx.Module):
    """Has a wrong derivative, an unused layer, an ignored feature and a mean over the batch."""

    def __init__(self, input_shape, outputs, *, rngs):
        self.hidden = nnx.Linear(math.prod(input_shape), 8, rngs=rngs)
        self.unused = nnx.Linear(8, 8, rngs=rngs)
        self.logits = nnx.Linear(8, outputs, rngs=rngs)

    def __call__(self, x):
        x = x.reshape(len(x), -1)
        x = x.at[:, 0].set(0)
        x = doubled(jnp.tanh(self.hidden(x)))
        return self.logits(x - x.mean(axis=0))
