"""Fully connected layers."""

from collections.abc import Sequence

import jax
import jax.numpy as jnp
from flax import nnx
from jax.typing import DTypeLike

from models.layers._types import Activation, Initializer, Normalization, Number
from models.layers.activation import make_activation, pieces
from models.layers.dropout import make_dropout
from models.layers.normalization import make_normalization, removes_bias


class DenseLayer(nnx.Module):
    """Linear -> normalization -> activation -> dropout, from [n, in_features] to [n, out_features]."""

    def __init__(
        self,
        in_features: int,
        out_features: int,
        *,
        activation: Activation,
        kernel_init: Initializer,
        normalization: Normalization,
        dropout: Number,
        dtype: DTypeLike,
        param_dtype: DTypeLike,
        rngs: nnx.Rngs,
    ) -> None:
        widened = out_features * pieces(activation)
        self.normalization = make_normalization(normalization, widened, dtype=dtype, param_dtype=param_dtype)
        self.linear = nnx.Linear(
            in_features,
            widened,
            use_bias=not removes_bias(self.normalization),
            kernel_init=kernel_init,
            dtype=dtype,
            param_dtype=param_dtype,
            rngs=rngs,
        )
        self.activation = make_activation(activation, out_features, param_dtype=param_dtype)
        self.dropout = make_dropout(dropout, rngs=rngs)
        self.dtype = dtype

    def __call__(self, x: jax.Array) -> jax.Array:
        x = self.normalization(self.linear(x))
        # A traced float32 slope of the activation would promote bfloat16 to float32.
        x = self.activation(x).astype(self.dtype)
        return self.dropout(x)


class DenseStack(nnx.Module):
    """Hidden dense layers, then a linear layer to the logits: from [n, in_features] to [n, outputs].

    `hidden` may be empty: a linear model. `dtype` is that of the activations; the parameters and the
    logits are never less than float32.

    Raises:
        ValueError: a width or the number of outputs is less than 1.
    """

    def __init__(
        self,
        in_features: int,
        outputs: int,
        *,
        hidden: Sequence[int],
        activation: Activation,
        kernel_init: Initializer,
        normalization: Normalization,
        dropout: Number,
        dtype: DTypeLike,
        rngs: nnx.Rngs,
    ) -> None:
        widths = [in_features, *hidden]
        if min(*widths, outputs) < 1:
            sizes = f"{in_features} inputs, hidden {list(hidden)}, {outputs} outputs"
            raise ValueError(f"widths must be at least 1, got {sizes}")
        self.param_dtype = jnp.promote_types(dtype, jnp.float32)
        self.hidden = nnx.List(
            DenseLayer(
                fan_in,
                fan_out,
                activation=activation,
                kernel_init=kernel_init,
                normalization=normalization,
                dropout=dropout,
                dtype=dtype,
                param_dtype=self.param_dtype,
                # A stream of its own: what a layer draws moves no other layer's kernels.
                rngs=rngs.fork(),
            )
            for fan_in, fan_out in zip(widths, hidden, strict=False)
        )
        self.logits = nnx.Linear(
            widths[-1],
            outputs,
            kernel_init=kernel_init,
            dtype=dtype,
            param_dtype=self.param_dtype,
            rngs=rngs.fork(),
        )

    def __call__(self, x: jax.Array) -> jax.Array:
        for layer in self.hidden:
            x = layer(x)
        return self.logits(x).astype(self.param_dtype)
