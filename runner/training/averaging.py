"""Averages of the weights that a run passes through."""

import jax
import jax.numpy as jnp
from flax import nnx

from runner.training.parts import Number


def follow(average: nnx.State, parameters: nnx.State, decay: Number, index: jax.Array) -> nnx.State:
    """The exponential moving average with the parameters after step `index`, counted from 0, taken in.

    a <- a + (1 - decay) / (1 - decay^(index + 1)) * (w - a): what d a + (1 - d) w from 0, divided by
    1 - d^t, comes to (Kingma and Ba 2015, arXiv 1412.6980, section 3). So the first step's weights replace
    the initial ones, and while few steps have been taken it is about their mean (Polyak and Juditsky 1992).
    """
    share = (1 - decay) / (1 - jnp.power(decay, index + 1))
    return jax.tree.map(lambda a, w: a + (share * (w - a)).astype(a.dtype), average, parameters)
