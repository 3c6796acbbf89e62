"""Vision transformer for small images."""

from collections.abc import Sequence

import jax
import jax.numpy as jnp
from flax import nnx

from models.layers._types import Activation, Initializer, Normalization, Number
from models.layers.activation import pieces
from models.layers.attention import Attention
from models.layers.dense import DenseStack
from models.layers.images import check_images
from models.layers.normalization import removes_bias
from models.layers.options import LayerOptions
from models.layers.sharing import share_weights


class EncoderBlock(nnx.Module):
    """x + attention(norm(x)), then x + dense(norm(x)): [n, tokens, width] to the same.

    The dense part is linear to `expansion` times the width -> activation -> linear back. Dropout follows
    every linear layer but those of query, key and value.
    """

    def __init__(
        self, width: int, options: LayerOptions, *, heads: int, expansion: int, rngs: nnx.Rngs
    ) -> None:
        self.before_attention, self.before_dense = (options.make_normalization(width) for _ in range(2))
        # What is added to x meets a normalization at last: of the next block, or before the logits.
        use_bias = not removes_bias(self.before_dense)
        self.attention = Attention(width, options, heads=heads, use_bias=use_bias, rngs=rngs.fork())
        inner = width * expansion
        self.expand = options.make_linear(width, inner * pieces(options.activation), rngs=rngs.fork())
        self.contract = options.make_linear(inner, width, use_bias=use_bias, rngs=rngs.fork())
        self.activation = options.make_activation(inner)
        self.drop_attention, self.drop_inner, self.drop_dense = (
            options.make_dropout(rngs=rngs.fork()) for _ in range(3)
        )
        self.dtype = options.dtype

    def __call__(self, x: jax.Array) -> jax.Array:
        x = x + self.drop_attention(self.attention(self.before_attention(x)))
        # A traced float32 slope of the activation would promote bfloat16 to float32.
        y = self.activation(self.expand(self.before_dense(x))).astype(self.dtype)
        return x + self.drop_dense(self.contract(self.drop_inner(y)))


class ViT(nnx.Module):
    """Vision transformer: from [n, h, w, c] to [n, outputs].

    Dosovitskiy et al. 2021 (arXiv 2010.11929), with the simplifications for small data of Beyer et al. 2022
    (arXiv 2205.01580): the mean over tokens in the place of a class token, and fixed sines and cosines of a
    patch's place. Patches of `patch` x `patch` pixels, linear to `width`; `depth` `EncoderBlock`s with
    `heads` heads; normalization, the mean, and the logits. With `share`, all blocks have the same weights;
    normalization stays their own. Biases start at 0. `dtype` names the dtype of the activations; the
    parameters and the outputs are never less than float32. `rngs` needs the streams `params` and `dropout`.

    Raises:
        ValueError: `input_shape` is not [h, w, c], `patch` does not divide its sides, `width` is no multiple
            of 4 and of `heads`, a size is less than 1, `share` with one block, or `dropout` is outside
            [0, 1).
    """

    def __init__(
        self,
        input_shape: Sequence[int],
        outputs: int | None,
        *,
        patch: int,
        width: int,
        depth: int,
        heads: int,
        expansion: int,
        share: bool = False,
        activation: Activation,
        kernel_init: Initializer,
        normalization: Normalization,
        dropout: Number,
        dtype: str = "float32",
        rngs: nnx.Rngs,
    ) -> None:
        check_images(input_shape, "ViT")
        _check(input_shape, patch, width, depth, heads, expansion, share)
        options = LayerOptions(activation, kernel_init, normalization, dropout, dtype)
        self.last = options.make_normalization(width)
        use_bias = not removes_bias(self.last)
        patch_size = patch * patch * input_shape[-1]
        self.embed = options.make_linear(patch_size, width, use_bias=use_bias, rngs=rngs.fork())
        self.dropout = options.make_dropout(rngs=rngs.fork())
        self.blocks = nnx.List(
            # A stream of its own: what a block draws moves no other block's kernels.
            EncoderBlock(width, options, heads=heads, expansion=expansion, rngs=rngs.fork())
            for _ in range(depth)
        )
        if share:
            share_weights(self.blocks, ["attention", "expand", "contract"])
        self.logits = DenseStack(width, outputs, options, hidden=[], rngs=rngs.fork())
        self.patch = patch
        self.dtype = dtype

    def __call__(self, x: jax.Array) -> jax.Array:
        x = cut_into_patches(x, self.patch)
        rows, columns = x.shape[1:3]
        x = self.embed(x)
        x = self.dropout(x + encode_places(rows, columns, x.shape[-1]).astype(self.dtype))
        x = x.reshape(x.shape[0], rows * columns, -1)
        for block in self.blocks:
            x = block(x)
        return self.logits(self.last(x).mean(1))


def cut_into_patches(x: jax.Array, size: int) -> jax.Array:
    """Images [n, h, w, c] as [n, h / size, w / size, size * size * c]."""
    n, h, w, c = x.shape
    x = x.reshape(n, h // size, size, w // size, size, c).swapaxes(2, 3)
    return x.reshape(n, h // size, w // size, -1)


def encode_places(rows: int, columns: int, width: int) -> jax.Array:
    """Sines and cosines of a row's and a column's number at width / 4 wavelengths: [rows, columns, width]."""
    frequencies = 10_000.0 ** -(jnp.arange(width // 4) / (width // 4))

    def encode(count: int) -> jax.Array:
        angles = jnp.arange(count)[:, None] * frequencies
        return jnp.concatenate([jnp.sin(angles), jnp.cos(angles)], axis=-1)

    shape = (rows, columns, width // 2)
    down, across = encode(rows)[:, None], encode(columns)[None]
    return jnp.concatenate([jnp.broadcast_to(down, shape), jnp.broadcast_to(across, shape)], axis=-1)


def _check(
    input_shape: Sequence[int], patch: int, width: int, depth: int, heads: int, expansion: int, share: bool
) -> None:
    sizes = {"patch": patch, "width": width, "depth": depth, "heads": heads, "expansion": expansion}
    for name, size in sizes.items():
        if size < 1:
            raise ValueError(f"{name} must be at least 1, got {size}")
    if any(side % patch for side in input_shape[:2]):
        image = f"{input_shape[0]}x{input_shape[1]}"
        raise ValueError(f"patch {patch} does not divide both sides of {image} images")
    if width % 4 or width % heads:
        raise ValueError(f"width must be a multiple of 4 and of the {heads} heads, got {width}")
    if share and depth == 1:
        raise ValueError("share=true needs two blocks: depth must be at least 2, got 1")
