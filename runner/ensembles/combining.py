"""What an ensemble makes of what its members say: of arrays by name and [members, n, k] outputs [n, k]."""

from collections.abc import Callable, Mapping
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

FLOOR = -15.0
"""Of the log-probabilities that a linear model is given: what is less likely than 3e-7 tells it no more."""
Arrays = Mapping[str, Any]
Said = jax.Array | np.ndarray
Combine = Callable[[Arrays, Said], jax.Array]


def mix_probabilities(arrays: Arrays, said: Said) -> jax.Array:
    """log sum_m w_m p_m of log-probabilities log p, for `weights` [members] on the simplex."""
    weights = jnp.asarray(arrays["weights"], said.dtype)
    return jax.nn.logsumexp(said, axis=0, b=weights[:, None, None])


def mix_numbers(arrays: Arrays, said: Said) -> jax.Array:
    """sum_m w_m y_m of numbers y, for `weights` [members] on the simplex."""
    return jnp.tensordot(jnp.asarray(arrays["weights"], said.dtype), said, axes=1)


def stack_numbers(arrays: Arrays, said: Said) -> jax.Array:
    """sum_m y_m K_m + b, for a `kernel` [members, k, k] and a `bias` [k]."""
    kernel, bias = (jnp.asarray(arrays[name], said.dtype) for name in ("kernel", "bias"))
    return jnp.einsum("mni,mij->nj", said, kernel) + bias


def stack_probabilities(arrays: Arrays, said: Said) -> jax.Array:
    """Logits: what `stack_numbers` makes of log-probabilities, those below FLOOR raised to it."""
    return stack_numbers(arrays, jnp.maximum(said, FLOOR))


COMBINATIONS: Mapping[str, Combine] = {
    function.__name__: function
    for function in (mix_probabilities, mix_numbers, stack_probabilities, stack_numbers)
}
"""By the name that is saved with an ensemble's arrays."""
