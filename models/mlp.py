"""Multilayer perceptron."""

import math
from collections.abc import Sequence

import jax
from flax import nnx

from models.layers._types import Activation, Initializer, Normalization, Number
from models.layers.dense import DenseStack
from models.layers.options import LayerOptions
from models.layers.sharing import share_weights


class MLP(nnx.Module):
    """Dense layers on the flattened input: from [n, *input_shape] to [n, outputs].

    Each hidden layer is linear -> normalization -> activation -> dropout (Rosenblatt 1961; Rumelhart,
    Hinton and Williams 1986); the logits have no activation. An empty `hidden` is a linear model. With
    `share`, hidden layers of one shape have the same weights: all but the first, and that one too where the
    input is as wide. Biases start at 0. `dtype` names the dtype of the activations: float32, bfloat16 or
    float64; the parameters and the outputs are never less than float32. `rngs` needs the streams `params`
    and `dropout`.

    Raises:
        ValueError: a width or the number of outputs is less than 1, `share` where `hidden` has several
            widths or no two layers of one shape, or `dropout` is outside [0, 1).
    """

    def __init__(
        self,
        input_shape: Sequence[int],
        outputs: int | None,
        *,
        hidden: Sequence[int],
        share: bool = False,
        activation: Activation,
        kernel_init: Initializer,
        normalization: Normalization,
        dropout: Number,
        dtype: str = "float32",
        rngs: nnx.Rngs,
    ) -> None:
        options = LayerOptions(activation, kernel_init, normalization, dropout, dtype)
        self.dense = DenseStack(math.prod(input_shape), outputs, options, hidden=hidden, rngs=rngs)
        if share:
            share_weights(_alike(math.prod(input_shape), hidden, self.dense.hidden), ["linear"])

    def __call__(self, x: jax.Array) -> jax.Array:
        return self.dense(x.reshape(x.shape[0], -1))


def _alike(in_features: int, hidden: Sequence[int], layers: Sequence[nnx.Module]) -> Sequence[nnx.Module]:
    """The layers that map a width to itself."""
    if len(set(hidden)) != 1:
        raise ValueError(f"share=true needs hidden layers of one width, got {list(hidden)}")
    alike = layers if in_features == hidden[0] else layers[1:]
    if len(alike) < 2:
        raise ValueError(f"share=true needs more hidden layers, like {[hidden[0]] * 3}, got {list(hidden)}")
    return alike
