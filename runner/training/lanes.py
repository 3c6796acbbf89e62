"""Many runs in one program: a function of one lane becomes a function of all of them."""

from collections.abc import Callable
from typing import Any

import jax


def over_lanes(function: Callable[..., Any], mapped: int, lanes: int) -> Callable[..., Any]:
    """`function` with a leading axis of lanes on its first `mapped` arguments and on what it returns.

    The other arguments are shared. A single lane is computed without the axis: XLA's CPU backend runs a
    batched matrix product of one matrix slower than the product itself.
    """
    if lanes == 1:
        return _one_lane(function, mapped)

    def run(*arguments: Any) -> Any:
        axes = [0 if place < mapped else None for place in range(len(arguments))]
        return jax.vmap(function, in_axes=axes)(*arguments)

    return run


def _one_lane(function: Callable[..., Any], mapped: int) -> Callable[..., Any]:
    def run(*arguments: Any) -> Any:
        own = jax.tree.map(lambda leaf: leaf[0], arguments[:mapped])
        return jax.tree.map(lambda leaf: leaf[None], function(*own, *arguments[mapped:]))

    return run
