"""Weights that are not trained."""

from flax import nnx

TAG = "frozen"
"""By which a filter of `flax.nnx` finds them."""


def freeze(model: nnx.Module) -> None:
    """Makes plain variables of the parameters of a model: no gradient, penalty or decay acts on them."""
    for _, module in nnx.iter_modules(model):
        for name, value in vars(module).items():
            if isinstance(value, nnx.Param):
                setattr(module, name, nnx.Variable(value[...], tag=TAG))


def evaluating(model: nnx.Module) -> nnx.Module:
    """A copy of a model in evaluation mode, in which it changes none of its variables.

    A copy, since a loop or another transformation may have come between the model and who calls it.
    """
    graphdef, variables = nnx.split(model)
    copy = nnx.merge(graphdef, variables, copy=True)
    copy.eval()
    return copy
