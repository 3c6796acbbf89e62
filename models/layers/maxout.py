"""Maxout."""

from dataclasses import dataclass
from functools import reduce

import jax
import jax.numpy as jnp


@dataclass(frozen=True)
class Maxout:
    """Largest of each `pieces` neighbouring features: [..., features * pieces] to [..., features].

    After a linear layer it is max_k (x W_k + b_k) (Goodfellow et al. 2013, arXiv 1302.4389). The layer before
    it is made `pieces` times as wide by the architecture, which asks `models.layers.activation.pieces`.

    Raises:
        ValueError: `pieces` is less than 1.
    """

    pieces: int

    def __post_init__(self) -> None:
        if self.pieces < 1:
            raise ValueError(f"pieces must be at least 1, got {self.pieces}")

    def __call__(self, x: jax.Array) -> jax.Array:
        features = x.reshape(*x.shape[:-1], -1, self.pieces)
        return reduce(_larger, [features[..., piece] for piece in range(self.pieces)])


def _larger(a: jax.Array, b: jax.Array) -> jax.Array:
    # A choice, of the first where they tie. The gradient of a maximum divides by how many equal it: none do,
    # and it is NaN, where XLA computes the features once more for it and they round differently.
    return jnp.where((a >= b) | jnp.isnan(a), a, b)
