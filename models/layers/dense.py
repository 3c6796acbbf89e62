"""Fully connected layers."""

from collections.abc import Sequence

import jax
from flax import nnx

from models.layers.activation import pieces
from models.layers.identity import Identity
from models.layers.normalization import removes_bias
from models.layers.options import LayerOptions


class DenseLayer(nnx.Module):
    """Linear -> normalization -> activation -> dropout, from [n, in_features] to [n, out_features]."""

    def __init__(self, in_features: int, out_features: int, options: LayerOptions, *, rngs: nnx.Rngs) -> None:
        widened = out_features * pieces(options.activation)
        self.normalization = options.make_normalization(widened)
        use_bias = not removes_bias(self.normalization)
        self.linear = options.make_linear(in_features, widened, use_bias=use_bias, rngs=rngs)
        self.activation = options.make_activation(out_features)
        self.dropout = options.make_dropout(rngs=rngs)
        self.dtype = options.dtype

    def __call__(self, x: jax.Array) -> jax.Array:
        x = self.normalization(self.linear(x))
        # A traced float32 slope of the activation would promote bfloat16 to float32.
        x = self.activation(x).astype(self.dtype)
        return self.dropout(x)


class DenseStack(nnx.Module):
    """Hidden dense layers, then a linear layer to the logits: from [n, in_features] to [n, outputs].

    `hidden` may be empty: a linear model. Without `outputs` there are no logits, and what is returned are the
    features that they would be made of. Like the parameters, neither is ever less than float32.

    Raises:
        ValueError: a width or the number of outputs is less than 1.
    """

    def __init__(
        self,
        in_features: int,
        outputs: int | None,
        options: LayerOptions,
        *,
        hidden: Sequence[int],
        rngs: nnx.Rngs,
    ) -> None:
        widths = [in_features, *hidden]
        if min(*widths, 1 if outputs is None else outputs) < 1:
            sizes = f"{in_features} inputs, hidden {list(hidden)}, {outputs} outputs"
            raise ValueError(f"widths must be at least 1, got {sizes}")
        self.param_dtype = options.param_dtype
        self.hidden = nnx.List(
            # A stream of its own: what a layer draws moves no other layer's kernels.
            DenseLayer(fan_in, fan_out, options, rngs=rngs.fork())
            for fan_in, fan_out in zip(widths, hidden, strict=False)
        )
        own = rngs.fork()
        self.logits = Identity() if outputs is None else options.make_linear(widths[-1], outputs, rngs=own)

    def __call__(self, x: jax.Array) -> jax.Array:
        for layer in self.hidden:
            x = layer(x)
        return self.logits(x).astype(self.param_dtype)
