"""Self-attention."""

import jax
import jax.numpy as jnp
from flax import nnx

from models.layers.options import LayerOptions


class Attention(nnx.Module):
    """Multi-head self-attention, from [n, tokens, width] to the same (Vaswani et al. 2017, arXiv 1706.03762).

    `width` is a multiple of `heads`. Its kernels are matrices and its biases vectors, so that penalties,
    decay and optimizers that tell them by their axes do; in `flax.nnx.MultiHeadAttention` they have an axis
    more. `use_bias` is about value and result.
    """

    def __init__(
        self, width: int, options: LayerOptions, *, heads: int, use_bias: bool = True, rngs: nnx.Rngs
    ) -> None:
        # A bias of the key adds the same to all logits of a query: softmax takes it away.
        self.query, self.key, self.value, self.result = (
            options.make_linear(width, width, use_bias=biased, rngs=rngs.fork())
            for biased in (True, False, use_bias, use_bias)
        )
        self.heads = heads

    def __call__(self, x: jax.Array) -> jax.Array:
        query, key, value = (
            layer(x).reshape(*x.shape[:2], self.heads, -1) for layer in (self.query, self.key, self.value)
        )
        # Not `jax.nn.dot_product_attention`: its softmax makes float32 of float64.
        logits = jnp.einsum("nqhd,nkhd->nhqk", query, key) * query.shape[-1] ** -0.5
        precise = jnp.promote_types(logits.dtype, jnp.float32)
        shares = jax.nn.softmax(logits.astype(precise), axis=-1).astype(value.dtype)
        return self.result(jnp.einsum("nhqk,nkhd->nqhd", shares, value).reshape(x.shape))
