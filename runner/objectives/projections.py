"""Projections: the nearest weight [..., out] that a constraint allows."""

import jax
import jax.numpy as jnp

from runner.objectives.penalties import matrix


def max_norm(weight: jax.Array, *, strength: jax.Array | float) -> jax.Array:
    """The weights into each unit, a column of the matrix, scaled to a norm of at most `strength`.

    Srebro, Rennie and Jaakkola 2005; as in Srivastava et al. 2014, "Dropout", section 5.1.
    """
    columns = matrix(weight)
    norms = jnp.linalg.norm(columns, axis=0)
    # Not divided by a norm that may be 0.
    return (columns * (strength / jnp.maximum(norms, strength))).reshape(weight.shape)
