"""Residual network for small images."""

from collections.abc import Sequence

import jax
import jax.numpy as jnp
from flax import nnx

from models.layers._types import Activation, Initializer, Normalization, Number
from models.layers.activation import pieces
from models.layers.dense import DenseStack
from models.layers.images import check_images
from models.layers.normalization import removes_bias
from models.layers.options import LayerOptions
from models.layers.sharing import share_weights


class NormalizedConvolution(nnx.Module):
    """3x3 convolution -> normalization.

    From [n, h, w, in_features] to [n, h / stride, w / stride, out_features].
    """

    def __init__(
        self, in_features: int, out_features: int, options: LayerOptions, *, stride: int = 1, rngs: nnx.Rngs
    ) -> None:
        self.normalization = options.make_normalization(out_features)
        use_bias = not removes_bias(self.normalization)
        self.convolution = options.make_convolution(
            in_features, out_features, stride=stride, use_bias=use_bias, rngs=rngs
        )

    def __call__(self, x: jax.Array) -> jax.Array:
        return self.normalization(self.convolution(x))


class BasicBlock(nnx.Module):
    """activation(F(x) + x): F is two 3x3 convolutions, each normalized, with an activation between them.

    From [n, h, w, in_features] to [n, h / stride, w / stride, out_features]. Where the shape changes, x is
    subsampled and padded with zero features (option A of the paper), which has no parameters.
    """

    def __init__(
        self, in_features: int, out_features: int, options: LayerOptions, *, stride: int, rngs: nnx.Rngs
    ) -> None:
        self.pieces = pieces(options.activation)
        self.first, self.second = (
            NormalizedConvolution(fan_in, out_features * self.pieces, options, stride=by, rngs=rngs.fork())
            for fan_in, by in ((in_features, stride), (out_features, 1))
        )
        self.inner, self.outer = (options.make_activation(out_features) for _ in range(2))
        self.out_features = out_features
        self.stride = stride
        self.dtype = options.dtype

    def __call__(self, x: jax.Array) -> jax.Array:
        # A traced float32 slope of the activation would promote bfloat16 to float32.
        y = self.inner(self.first(x)).astype(self.dtype)
        y = self.second(y)
        # Every piece of a maxout has x added: max_k (F_k(x) + x) is max_k F_k(x) + x.
        x = jnp.repeat(subsample(x, self.stride, self.out_features), self.pieces, axis=-1)
        return self.outer(y + x).astype(self.dtype)


def subsample(x: jax.Array, stride: int, features: int) -> jax.Array:
    """Every `stride`-th pixel of [n, h, w, c], and zeros for the features past c."""
    x = x[:, ::stride, ::stride]
    return jnp.pad(x, ((0, 0), (0, 0), (0, 0), (0, features - x.shape[-1])))


class ResNet(nnx.Module):
    """Residual network of He et al. 2015 (arXiv 1512.03385, section 4.2): from [n, h, w, c] to [n, outputs].

    A 3x3 convolution, three stages of (depth - 2) / 6 `BasicBlock`s with `width`, 2 `width` and 4 `width`
    features, the second and third at half the resolution, the mean over pixels, and the logits. Dropout,
    which the paper has not, acts on that mean. With `share`, the blocks of a stage that have one shape have
    the same kernels and biases; normalization stays their own. Biases start at 0. `dtype` names the dtype
    of the activations; the parameters and the outputs are never less than float32. `rngs` needs the streams
    `params` and `dropout`.

    Raises:
        ValueError: `input_shape` is not [h, w, c], `width` or the number of outputs is less than 1, `depth`
            is not 6n + 2, `share` at a depth that has no two blocks of one shape, or `dropout` is outside
            [0, 1).
    """

    def __init__(
        self,
        input_shape: Sequence[int],
        outputs: int | None,
        *,
        width: int,
        depth: int,
        share: bool = False,
        activation: Activation,
        kernel_init: Initializer,
        normalization: Normalization,
        dropout: Number,
        dtype: str = "float32",
        rngs: nnx.Rngs,
    ) -> None:
        check_images(input_shape, "ResNet")
        _check(width, depth, share)
        options = LayerOptions(activation, kernel_init, normalization, dropout, dtype)
        self.stem = NormalizedConvolution(
            input_shape[-1], width * pieces(activation), options, rngs=rngs.fork()
        )
        self.activation = options.make_activation(width)
        per_stage = (depth - 2) // 6
        features = [width, *(width * 2**stage for stage in range(3) for _ in range(per_stage))]
        strides = [2 if block in (per_stage, 2 * per_stage) else 1 for block in range(3 * per_stage)]
        shapes = list(zip(features[:-1], features[1:], strides, strict=True))
        self.blocks = nnx.List(
            # A stream of its own: what a block draws moves no other block's kernels.
            BasicBlock(fan_in, fan_out, options, stride=stride, rngs=rngs.fork())
            for fan_in, fan_out, stride in shapes
        )
        if share:
            for shape in dict.fromkeys(shapes):
                alike = [block for block, its in zip(self.blocks, shapes, strict=True) if its == shape]
                for name in ("first", "second"):
                    share_weights([getattr(block, name) for block in alike], ["convolution"])
        self.dropout = options.make_dropout(rngs=rngs.fork())
        self.logits = DenseStack(width * 4, outputs, options, hidden=[], rngs=rngs.fork())
        self.dtype = dtype

    def __call__(self, x: jax.Array) -> jax.Array:
        x = self.activation(self.stem(x)).astype(self.dtype)
        for block in self.blocks:
            x = block(x)
        return self.logits(self.dropout(x.mean((1, 2))))


def _check(width: int, depth: int, share: bool) -> None:
    if width < 1:
        raise ValueError(f"width must be at least 1, got {width}")
    if depth < 8 or depth % 6 != 2:
        raise ValueError(f"depth must be 6n + 2, like 8, 14, 20, 32, 44, 56 or 110, got {depth}")
    if share and depth == 8:
        raise ValueError("share=true needs two blocks of one shape: depth must be at least 14, got 8")
