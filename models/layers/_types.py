"""The types that the layers and the architectures share, named once."""

from collections.abc import Callable
from typing import Any, Protocol, TypeAlias

import jax
from flax import nnx
from jax.typing import ArrayLike, DTypeLike

Activation: TypeAlias = Callable[..., Any]  # a function of an array, or what makes a layer of one
Initializer: TypeAlias = jax.nn.initializers.Initializer
Pair: TypeAlias = tuple[int, int]  # of rows and of columns
Number: TypeAlias = float | ArrayLike  # a Python number is structure, an array (or tracer) an input


class Normalization(Protocol):
    """Makes a normalization layer for the last axis, such as a partial of `flax.nnx.BatchNorm`."""

    def __call__(
        self, num_features: int, /, *, dtype: DTypeLike, param_dtype: DTypeLike, rngs: nnx.Rngs
    ) -> Callable[[jax.Array], jax.Array]: ...
