"""Autoencoder."""

import math
from collections.abc import Sequence

import jax
from flax import nnx

from models.layers._types import Activation, Initializer, Normalization, Number
from models.layers.dense import DenseStack
from models.layers.identity import Identity
from models.layers.options import LayerOptions


class Autoencoder(nnx.Module):
    """Dense layers to a code of few numbers and back: from [n, *input_shape] to [n, outputs].

    Without `outputs` there is no way back: to the code, [n, code].

    After Hinton and Salakhutdinov (2006). The encoder has the hidden layers `hidden`, the decoder the same
    the other way round; the code and the outputs have no activation.

    Raises:
        ValueError: a width, `code` or `outputs` is less than 1, or `dropout` is outside [0, 1).
    """

    def __init__(
        self,
        input_shape: Sequence[int],
        outputs: int | None,
        *,
        hidden: Sequence[int],
        code: int,
        activation: Activation,
        kernel_init: Initializer,
        normalization: Normalization,
        dropout: Number,
        dtype: str = "float32",
        rngs: nnx.Rngs,
    ) -> None:
        options = LayerOptions(activation, kernel_init, normalization, dropout, dtype)
        self.encoder = DenseStack(math.prod(input_shape), code, options, hidden=hidden, rngs=rngs.fork())
        back, own = list(hidden)[::-1], rngs.fork()
        self.decoder = (
            Identity() if outputs is None else DenseStack(code, outputs, options, hidden=back, rngs=own)
        )

    def __call__(self, x: jax.Array) -> jax.Array:
        return self.decoder(self.encoder(x.reshape(x.shape[0], -1)))
