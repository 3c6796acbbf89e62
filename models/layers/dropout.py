"""Dropout whose probability may be a traced number."""

from numbers import Real

import jax
import jax.numpy as jnp
from flax import nnx

from models.layers._types import Number
from models.layers.identity import Identity


class Dropout(nnx.Module):
    """Sets each element to 0 with probability `rate` and scales the others by 1 / (1 - rate).

    Srivastava et al. 2014, "Dropout". `model.eval()` switches it off, `model.train()` on. The masks come
    from a fork of the stream `rngs["dropout"]`.

    Raises:
        ValueError: a Python `rate` outside [0, 1). An array or a traced number is not checked.
    """

    def __init__(self, rate: Number, *, rngs: nnx.Rngs) -> None:
        if isinstance(rate, Real) and not 0 <= float(rate) < 1:
            raise ValueError(f"dropout must be in [0, 1), got {rate}")
        # State, not part of the graph definition: a traced number there would be an unhashable constant.
        self.rate = nnx.Variable(jnp.asarray(rate, jnp.result_type(float)))
        self.deterministic = False
        self.rngs = rngs["dropout"].fork()

    def __call__(self, x: jax.Array) -> jax.Array:
        """Drops from `x` of any shape; the result has its shape and dtype."""
        if self.deterministic:
            return x
        keep = 1 - self.rate[...]
        kept = jax.random.bernoulli(self.rngs(), keep, x.shape)
        # A scale rather than a choice between x / keep and 0: its gradient is finite at rate 1 too.
        scale = jnp.where(kept, 1 / keep, 0)
        return (x * scale).astype(x.dtype)


def make_dropout(rate: Number, *, rngs: nnx.Rngs) -> Dropout | Identity:
    """A `Dropout` layer; none at all for the Python number 0, so that what is off costs nothing."""
    if isinstance(rate, Real) and rate == 0:
        return Identity()
    return Dropout(rate, rngs=rngs)
