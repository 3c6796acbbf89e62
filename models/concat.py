"""The features of several models under one head."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import jax
import jax.numpy as jnp
from flax import nnx

from models.layers._types import Activation, Initializer, Normalization, Number
from models.layers.dense import DenseStack
from models.layers.freezing import freeze
from models.layers.options import LayerOptions

MakeBranch = Callable[..., Any]  # of an input shape, None for outputs, and rngs: an nnx.Module


class Concat(nnx.Module):
    """Several models side by side on one input, and dense layers on all their features.

    From [n, *input_shape] to [n, outputs]. A branch is made with None for its outputs, which leaves out its
    logits: what it returns, [n, k], are its features. The head has the dense layers `hidden` and the logits.
    With a linear branch beside a deep one it is wide and deep (Cheng et al. 2016, arXiv 1606.07792).

    A branch named in `frozen` is not trained: none of its variables is a parameter, and it stays in
    evaluation mode, without dropout and with the running statistics it has, as where features are extracted
    for another task (Sharif Razavian et al. 2014, arXiv 1403.6382; Kornblith et al. 2019, arXiv 1805.08974).

    Raises:
        ValueError: there is no branch, or one cannot be made, `frozen` names none, what a branch returns is
            not [n, k], a width or the number of outputs is less than 1, or `dropout` is outside [0, 1).
    """

    def __init__(
        self,
        input_shape: Sequence[int],
        outputs: int,
        *,
        branches: Mapping[str, MakeBranch],
        frozen: Sequence[str] = (),
        hidden: Sequence[int],
        activation: Activation,
        kernel_init: Initializer,
        normalization: Normalization,
        dropout: Number,
        dtype: str = "float32",
        rngs: nnx.Rngs,
    ) -> None:
        _check(branches, frozen)
        options = LayerOptions(activation, kernel_init, normalization, dropout, dtype)
        # A stream of its own: what a branch draws moves no other branch's kernels.
        made = {name: _made(name, make, input_shape, rngs.fork()) for name, make in branches.items()}
        widths = [_width(name, branch, input_shape, options) for name, branch in made.items()]
        for name in frozen:
            freeze(made[name])
        self.branches = nnx.Dict(made)
        self.head = DenseStack(sum(widths), outputs, options, hidden=hidden, rngs=rngs.fork())
        self.order = tuple(branches)
        self.frozen = tuple(frozen)

    def __call__(self, x: jax.Array) -> jax.Array:
        return self.head(jnp.concatenate([self.branches[name](x) for name in self.order], axis=-1))

    def train(self, **attributes: Any) -> None:
        """Puts all but the frozen branches into training mode."""
        super().train(**attributes)
        for name, branch in self.branches.items():
            if name in self.frozen:
                branch.eval()
            else:
                branch.train(**attributes)  # it may have frozen branches of its own


def _check(branches: Mapping[str, MakeBranch], frozen: Sequence[str]) -> None:
    if not branches:
        raise ValueError("branches: there is none; give one model or more")
    for name in frozen:
        if name not in branches:
            raise ValueError(f"frozen: there is no branch {name}, only {', '.join(branches)}")


def _made(name: str, make: MakeBranch, input_shape: Sequence[int], rngs: nnx.Rngs) -> nnx.Module:
    try:
        return make(input_shape, None, rngs=rngs)
    except ValueError as error:
        raise ValueError(f"branches.{name}: {error}") from error


def _width(name: str, branch: nnx.Module, input_shape: Sequence[int], options: LayerOptions) -> int:
    """How many features a branch has, found without computing any."""
    graphdef, variables = nnx.split(branch)
    inputs = jax.ShapeDtypeStruct((1, *input_shape), options.param_dtype)
    found = jax.eval_shape(lambda own, x: nnx.merge(graphdef, own, copy=True)(x), variables, inputs)
    if found.ndim != 2:
        raise ValueError(f"branches.{name}: its features must be [n, k], got {list(found.shape)}")
    return found.shape[1]
