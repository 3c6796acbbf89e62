"""Examples of a batch replaced by others of a pool, targets and all."""

import jax
import jax.numpy as jnp

from runner.data.augmentation.images import Batch
from runner.data.pool import Pool

Number = jax.Array | float


def generated(
    key: jax.Array, inputs: jax.Array, targets: jax.Array, pool: Pool | None = None, *, share: Number
) -> Batch:
    """Replaces a share of the batch, to the nearest example, by examples drawn from a pool with replacement.

    Inputs may be features [b, d] too. Without a pool, or with a `share` of 0, it is off.
    """
    if pool is None:
        return inputs, targets
    places, choices = jax.random.split(key)
    count = len(inputs)
    replaced = jax.random.permutation(places, count) < jnp.round(share * count)
    drawn = jax.random.randint(choices, (count,), 0, len(pool.labels))
    others = pool.inputs[drawn].astype(inputs.dtype) / pool.maximum.astype(inputs.dtype)
    labels = jax.nn.one_hot(pool.labels[drawn], targets.shape[-1], dtype=targets.dtype)
    shape = (count, *[1] * (inputs.ndim - 1))
    return jnp.where(replaced.reshape(shape), others, inputs), jnp.where(replaced[:, None], labels, targets)
