"""A point on a surface: the smallest model that an optimizer can move."""

from collections.abc import Callable, Sequence

import jax
import jax.numpy as jnp
from flax import nnx

from models.layers._types import Number

Height = Callable[[jax.Array, jax.Array], jax.Array]


class Surface(nnx.Module):
    """Two weights, x and y: from [n, *input_shape] to [n, outputs], each the height of the surface there.

    The inputs do not matter. With `loss=output` the height is the loss, and training is a walk downhill from
    `start`. The weights and the outputs are never less than float32, whatever `dtype`.

    Raises:
        ValueError: `start` is not two numbers.
    """

    def __init__(
        self,
        input_shape: Sequence[int],
        outputs: int,
        *,
        height: Height,
        start: Sequence[Number],
        dtype: str = "float32",
        rngs: nnx.Rngs,
    ) -> None:
        if len(start) != 2:
            raise ValueError(f"start must be two numbers, x and y, got {len(start)}")
        # Matrices of one element: regularizers act on them as on all weights.
        self.x, self.y = (
            nnx.Param(jnp.full((1, 1), number, jnp.promote_types(dtype, jnp.float32))) for number in start
        )
        self.height = height
        self.outputs = outputs

    def __call__(self, x: jax.Array) -> jax.Array:
        return jnp.broadcast_to(self.height(self.x[...], self.y[...]), (x.shape[0], self.outputs))


def saddle(x: jax.Array, y: jax.Array) -> jax.Array:
    """(x^2 - 1)^2 + y^2: a saddle of height 1 at (0, 0) between minima of height 0 at (-1, 0) and (1, 0)."""
    return jnp.square(jnp.square(x) - 1) + jnp.square(y)


def ravine(x: jax.Array, y: jax.Array, *, steepness: Number) -> jax.Array:
    """(x^2 + steepness y^2) / 20: a ravine along x, `steepness` times as steep across; its minimum is 0."""
    return (jnp.square(x) + steepness * jnp.square(y)) / 20


def plateau(x: jax.Array, y: jax.Array) -> jax.Array:
    """1 - exp(-(x^2 + y^2) / 2): a hole at (0, 0) in a plain that is the flatter the farther off."""
    return -jnp.expm1(-(jnp.square(x) + jnp.square(y)) / 2)
