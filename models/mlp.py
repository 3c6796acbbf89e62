"""Multilayer perceptron."""

import math
from collections.abc import Sequence

import jax
from flax import nnx

from models.layers._types import Activation, Initializer, Normalization, Number
from models.layers.dense import DenseStack


class MLP(nnx.Module):
    """Dense layers on the flattened input: from [n, *input_shape] to [n, outputs].

    Each hidden layer is linear -> normalization -> activation -> dropout (Rosenblatt 1961; Rumelhart,
    Hinton and Williams 1986); the logits have no activation. An empty `hidden` is a linear model. Biases
    start at 0. `dtype` names the dtype of the activations: float32, bfloat16 or float64; the parameters
    and the outputs are never less than float32. `rngs` needs the streams `params` and `dropout`.

    Raises:
        ValueError: a width or the number of outputs is less than 1, or `dropout` is outside [0, 1).
    """

    def __init__(
        self,
        input_shape: Sequence[int],
        outputs: int,
        *,
        hidden: Sequence[int],
        activation: Activation,
        kernel_init: Initializer,
        normalization: Normalization,
        dropout: Number,
        dtype: str = "float32",
        rngs: nnx.Rngs,
    ) -> None:
        self.dense = DenseStack(
            math.prod(input_shape),
            outputs,
            hidden=hidden,
            activation=activation,
            kernel_init=kernel_init,
            normalization=normalization,
            dropout=dropout,
            dtype=dtype,
            rngs=rngs,
        )

    def __call__(self, x: jax.Array) -> jax.Array:
        return self.dense(x.reshape(x.shape[0], -1))
