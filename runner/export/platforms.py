"""Takes what depends on the platform out of a function, for those who convert what is left."""

from collections.abc import Callable, Sequence
from typing import Any

import jax
from jax.extend.core import Jaxpr, Literal

CHOICE = "branches_platforms"
"""What a `cond` that `jax.lax.platform_dependent` made says of its branches."""


def as_on_any_platform(function: Callable[[jax.Array], jax.Array]) -> Callable[[jax.Array], jax.Array]:
    """The function with the default of every `jax.lax.platform_dependent` in its place.

    Inside loops and functions with gradients of their own it stays.
    """

    def run(inputs: jax.Array) -> jax.Array:
        traced = jax.make_jaxpr(function)(inputs)
        (outputs,) = _evaluate(traced.jaxpr, traced.consts, [inputs])
        return outputs

    return run


def _evaluate(jaxpr: Jaxpr, consts: Sequence[Any], arguments: Sequence[Any]) -> list[Any]:
    known = dict(zip([*jaxpr.constvars, *jaxpr.invars], [*consts, *arguments], strict=True))

    def read(atom: Any) -> Any:
        return atom.val if isinstance(atom, Literal) else known[atom]

    for equation in jaxpr.eqns:
        if equation.primitive.name == "platform_index":
            known[equation.outvars[0]] = None  # the index of a branch, which the choice below does without
        else:
            found = _carry_out(equation, [read(atom) for atom in equation.invars])
            known.update(zip(equation.outvars, found, strict=True))
    return [read(atom) for atom in jaxpr.outvars]


def _carry_out(equation: Any, values: list[Any]) -> Sequence[Any]:
    primitive, parameters = equation.primitive, equation.params
    if parameters.get(CHOICE) is not None and parameters[CHOICE][-1] is None:
        default = parameters["branches"][-1]
        return _evaluate(default.jaxpr, default.consts, values[1:])
    if primitive.name == "jit":
        return _evaluate(parameters["jaxpr"].jaxpr, parameters["jaxpr"].consts, values)
    found = primitive.bind(*values, **primitive.get_bind_params(parameters))
    return found if primitive.multiple_results else [found]
