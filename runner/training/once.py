"""Functions that are traced once, however many programs they become part of."""

from collections.abc import Callable
from typing import Any

import jax
from jax.extend.core import jaxpr_as_fun


class Once:
    """A function of arrays that remembers what `trace` found it to do.

    Called in another trace, with arguments of the same shapes, it does these operations again, one for one;
    to trace a network in Python takes many times as long. What it was not traced for, it does as it would.
    """

    def __init__(self, function: Callable[..., Any]) -> None:
        self._function = function
        self._known: dict[Any, Callable[..., Any]] = {}

    def trace(self, *arguments: Any) -> Any:
        """The function traced for these arguments, as `jax.jit` traces."""
        traced = jax.jit(self._function).trace(*arguments)
        operations, structure = jaxpr_as_fun(traced.jaxpr), jax.tree.structure(traced.out_info)

        def repeat(*arguments: Any) -> Any:
            return jax.tree.unflatten(structure, operations(*jax.tree.leaves(arguments)))

        self._known[_shapes(arguments)] = repeat
        return traced

    def __call__(self, *arguments: Any) -> Any:
        return self._known.get(_shapes(arguments), self._function)(*arguments)


def _shapes(arguments: Any) -> Any:
    leaves, structure = jax.tree.flatten(arguments)
    return structure, tuple((leaf.shape, str(leaf.dtype)) for leaf in leaves)
