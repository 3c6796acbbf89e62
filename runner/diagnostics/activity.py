"""What the activations of a layer did on a batch."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import jax
import jax.numpy as jnp

FLAT = 1e-3
"""An activation is flat where it is less steep than this, as a share of how steep it is near zero."""
SATURATED = 0.05
"""One that flattens at both ends is saturated where it is less steep than this: tanh beyond 0.98."""

Sown = Mapping[str, Sequence[jax.Array]]
"""What was sown: `output` [n, ..., units] and perhaps `slope` and `ends`, an array for each call."""


class Activity(NamedTuple):
    """Means over a batch, so that the mean over equal batches is the one over their examples."""

    dead: jax.Array
    """[units]: 1 for a unit that was zero or flat for every example."""
    saturated: jax.Array
    """The share of saturated activations, among all."""
    bounded: jax.Array
    """The share of units that can be saturated: all or none, but where a unit learns its shape."""
    zero: jax.Array
    """The share of activations that are exactly 0."""
    mean: jax.Array
    square: jax.Array
    """The mean of the squares."""
    non_finite: jax.Array
    """How many are not finite."""


def activity(sown: Sown) -> Activity:
    """Sums up what was sown; without slopes nothing is flat, and nothing can be saturated."""
    output = _joined(sown["output"])
    precise = jnp.promote_types(output.dtype, jnp.float32)
    slope = _joined(sown["slope"]) if "slope" in sown else jnp.ones_like(output)
    ends = sown["ends"][0] if "ends" in sown else jnp.ones(output.shape[-1:])
    zero, bounded = output == 0, ends < SATURATED
    output = output.astype(precise)
    return Activity(
        dead=jnp.all(zero | (slope < FLAT), axis=0).astype(precise),
        saturated=jnp.mean((slope < SATURATED) & bounded, dtype=precise),
        bounded=jnp.mean(bounded, dtype=precise),
        zero=jnp.mean(zero, dtype=precise),
        mean=jnp.mean(output),
        square=jnp.mean(jnp.square(output)),
        non_finite=jnp.sum(~jnp.isfinite(output), dtype=precise),
    )


def _joined(calls: Sequence[jax.Array]) -> jax.Array:
    """[n, units]: every place of an image and every step of a series is an example."""
    return jnp.concatenate([values.reshape(-1, values.shape[-1]) for values in calls])
