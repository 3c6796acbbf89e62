"""The depth of what a function computes with: where in its program something is first used, or made."""

from collections.abc import Callable
from typing import Any

import jax
from jax.extend import core

Depth = tuple[int, ...]
"""The place of an operation; of one inside another, that of the outer one first."""


def depths(function: Callable[[Any], Any], argument: Any) -> tuple[list[Depth], Any]:
    """Of each leaf of the argument where the function first uses it; of each of its result where it is made.

    Found by tracing, so that any network tells in which order its layers compute: a module's attributes are
    in the order of their names, or of their making.
    """
    closed, shapes = jax.make_jaxpr(function, return_shape=True)(argument)
    program = closed.jaxpr
    used, never = _first_uses(program), (len(program.eqns),)
    made = {
        variable: (place,) for place, equation in enumerate(program.eqns) for variable in equation.outvars
    }
    results = [() if isinstance(result, core.Literal) else made.get(result, ()) for result in program.outvars]
    return (
        [used.get(variable, never) for variable in program.invars],
        jax.tree.unflatten(jax.tree.structure(shapes), results),
    )


def _first_uses(program: Any) -> dict[Any, Depth]:
    found: dict[Any, Depth] = {}
    for place, equation in enumerate(program.eqns):
        inside = _inside(equation)
        for position, variable in enumerate(equation.invars):
            if not isinstance(variable, core.Literal) and variable not in found:
                found[variable] = (place, *inside.get(position, ()))
    return found


def _inside(equation: Any) -> dict[int, Depth]:
    """Where an operation that is a program of its own, a compiled function say, first uses its operands."""
    for value in equation.params.values():
        program = getattr(value, "jaxpr", value)
        if isinstance(program, core.Jaxpr) and len(program.invars) == len(equation.invars):
            used = _first_uses(program)
            return {
                place: used[variable] for place, variable in enumerate(program.invars) if variable in used
            }
    return {}
