"""Random streams: one for each purpose, all derived from a run's key."""

import zlib

import jax


def stream(key: jax.Array, purpose: str) -> jax.Array:
    """The key of a purpose (`"batches"`, `"augmentation/flip"`).

    It depends on nothing but `key` and the purpose's name: what else a run draws never shifts it, so two
    runs at one seed that differ in an option share every other draw.
    """
    return jax.random.fold_in(key, zlib.crc32(purpose.encode()))
