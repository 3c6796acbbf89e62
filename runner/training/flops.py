"""How much a traced program computes, counted before anything is lowered or compiled."""

import math
from typing import Any

from jax.extend.core import jaxprs_in_params


def flops(jaxpr: Any) -> float:
    """Floating-point operations of the matrix products and convolutions of a traced program.

    Two for each multiplication with its addition. A loop of a length that no one knows yet counts as one
    round, so that a program that takes any number of steps comes to one of them; of the branches of a
    condition the largest counts.
    """
    return sum(_of_equation(equation) for equation in jaxpr.eqns)


def _of_equation(equation: Any) -> float:
    name, parameters = equation.primitive.name, equation.params
    if name == "dot_general":
        (contracted, _), _ = parameters["dimension_numbers"]
        left = equation.invars[0].aval.shape
        return 2.0 * _size(equation) * math.prod(left[axis] for axis in contracted)
    if name == "conv_general_dilated":
        kernel = equation.invars[1].aval.shape
        features = kernel[parameters["dimension_numbers"].rhs_spec[0]]
        return 2.0 * _size(equation) * math.prod(kernel) / features
    inside = [flops(own) for own in jaxprs_in_params(parameters)]
    if name == "cond":
        return max(inside)
    return sum(inside) * parameters.get("length", 1)


def _size(equation: Any) -> int:
    return equation.outvars[0].aval.size
