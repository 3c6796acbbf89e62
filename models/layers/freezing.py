"""Weights that are not trained."""

from flax import nnx

TAG = "frozen"
"""By which a filter of `flax.nnx` finds them."""


def freeze(model: nnx.Module) -> None:
    """Makes plain variables of the parameters of a model, so that no gradient, penalty or decay acts on them.

    It is left in evaluation mode.
    """
    model.eval()
    for _, module in nnx.iter_modules(model):
        for name, value in vars(module).items():
            if isinstance(value, nnx.Param):
                setattr(module, name, nnx.Variable(value[...], tag=TAG))
