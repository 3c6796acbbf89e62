"""Several tasks on one trunk."""

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise

import jax
import jax.numpy as jnp
from flax import nnx

from models.layers._types import Activation, Initializer, Normalization, Number
from models.layers.dense import DenseLayer, DenseStack
from models.layers.options import LayerOptions


class Multitask(nnx.Module):
    """A trunk of dense layers on the flattened input, and a head of its own for each task.

    From [n, *input_shape] to [n, outputs]: the outputs of the heads side by side, in the order of `heads`,
    which says how many each has (Caruana 1997, hard parameter sharing). The trunk has the hidden layers of
    an `MLP`, and at the same seed their kernels; a head has the dense layers `head_hidden` and its logits.

    Raises:
        ValueError: a width or the number of outputs of a head is less than 1, `outputs` is not their sum,
            or `dropout` is outside [0, 1).
    """

    def __init__(
        self,
        input_shape: Sequence[int],
        outputs: int,
        *,
        heads: Mapping[str, int],
        hidden: Sequence[int],
        head_hidden: Sequence[int],
        activation: Activation,
        kernel_init: Initializer,
        normalization: Normalization,
        dropout: Number,
        dtype: str = "float32",
        rngs: nnx.Rngs,
    ) -> None:
        widths = [math.prod(input_shape), *hidden]
        if min(widths) < 1 or sum(heads.values()) != outputs:
            raise ValueError(f"expected widths of at least 1 and {outputs} outputs, got {widths} and {heads}")
        options = LayerOptions(activation, kernel_init, normalization, dropout, dtype)
        self.trunk = nnx.List(
            DenseLayer(fan_in, fan_out, options, rngs=rngs.fork()) for fan_in, fan_out in pairwise(widths)
        )
        self.heads = nnx.Dict(
            {
                name: DenseStack(widths[-1], width, options, hidden=head_hidden, rngs=rngs.fork())
                for name, width in heads.items()
            }
        )
        self.order = tuple(heads)

    def __call__(self, x: jax.Array) -> jax.Array:
        x = x.reshape(x.shape[0], -1)
        for layer in self.trunk:
            x = layer(x)
        return jnp.concatenate([self.heads[name](x) for name in self.order], axis=-1)
