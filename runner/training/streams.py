"""Random streams: one for each purpose, all derived from a run's key."""

import zlib
from typing import Any

import jax
from flax import nnx


def stream(key: jax.Array, purpose: str) -> jax.Array:
    """The key of a purpose (`"batches"`, `"augmentation/flip"`).

    It depends on nothing but `key` and the purpose's name: what else a run draws never shifts it, so two
    runs at one seed that differ in an option share every other draw.
    """
    return jax.random.fold_in(key, zlib.crc32(purpose.encode()))


class Streams(nnx.Rngs):
    """`nnx.Rngs`, to the bit, whose forks are cheap: a model has several a layer, in every trace."""

    def __init__(self, **keys: jax.Array) -> None:
        for tag, key in keys.items():
            setattr(self, tag, _Stream(key, tag=tag))

    def fork(self, /, *, split: Any = None) -> nnx.Rngs:
        """As Flax's."""
        if split is not None:
            return super().fork(split=split)
        return Streams(**{name: stream() for name, stream in self.items()})


class _Stream(nnx.RngStream):
    def __call__(self) -> jax.Array:
        key = jax.random.fold_in(self.key[...], self.count[...])
        # Not `self.count[...] += 1`, which asks where the count lies: a traced one answers with an error.
        self.count.set_value(self.count[...] + 1)
        return key
