"""Convolutional network for images."""

from collections.abc import Sequence
from itertools import pairwise

import jax
from flax import nnx

from models.layers._types import Activation, Initializer, Normalization, Number
from models.layers.activation import pieces
from models.layers.dense import DenseStack
from models.layers.normalization import removes_bias
from models.layers.options import LayerOptions
from models.layers.pooling import max_pool


class ConvolutionBlock(nnx.Module):
    """3x3 convolution -> normalization -> activation -> 2x2 max-pooling.

    From [n, h, w, in_features] to [n, h // 2, w // 2, out_features].
    """

    def __init__(self, in_features: int, out_features: int, options: LayerOptions, *, rngs: nnx.Rngs) -> None:
        widened = out_features * pieces(options.activation)
        self.normalization = options.make_normalization(widened)
        use_bias = not removes_bias(self.normalization)
        self.convolution = options.make_convolution(in_features, widened, use_bias=use_bias, rngs=rngs)
        self.activation = options.make_activation(out_features)
        self.dtype = options.dtype

    def __call__(self, x: jax.Array) -> jax.Array:
        x = self.normalization(self.convolution(x))
        # A traced float32 slope of the activation would promote bfloat16 to float32.
        return max_pool(self.activation(x).astype(self.dtype))


class CNN(nnx.Module):
    """Convolution blocks, then dense layers: from [n, h, w, c] to [n, outputs].

    `depth` blocks of 3x3 convolution (`width`, twice as many in each next block) -> normalization ->
    activation -> 2x2 max-pooling, after LeCun et al. 1998 and VGG (Simonyan and Zisserman 2014, arXiv
    1409.1556); then the dense layers `hidden` and the logits, as in `MLP`. Dropout acts on the dense
    layers only, as in VGG. Biases start at 0. `dtype` names the dtype of the activations: float32,
    bfloat16 or float64; the parameters and the outputs are never less than float32. `rngs` needs the
    streams `params` and `dropout`.

    Raises:
        ValueError: `input_shape` is not [h, w, c], the image is too small for `depth`, a width or the
            number of outputs is less than 1, `depth` is negative, or `dropout` is outside [0, 1).
    """

    def __init__(
        self,
        input_shape: Sequence[int],
        outputs: int | None,
        *,
        width: int,
        depth: int,
        hidden: Sequence[int],
        activation: Activation,
        kernel_init: Initializer,
        normalization: Normalization,
        dropout: Number,
        dtype: str = "float32",
        rngs: nnx.Rngs,
    ) -> None:
        _check(input_shape, width, depth)
        options = LayerOptions(activation, kernel_init, normalization, dropout, dtype)
        height, columns, channels = input_shape
        features = [channels, *(width * 2**i for i in range(depth))]
        self.blocks = nnx.List(
            # A stream of its own: what a block draws moves no other block's kernels.
            ConvolutionBlock(fan_in, fan_out, options, rngs=rngs.fork())
            for fan_in, fan_out in pairwise(features)
        )
        flattened = (height >> depth) * (columns >> depth) * features[-1]
        self.dense = DenseStack(flattened, outputs, options, hidden=hidden, rngs=rngs.fork())

    def __call__(self, x: jax.Array) -> jax.Array:
        for block in self.blocks:
            x = block(x)
        return self.dense(x.reshape(x.shape[0], -1))


def _check(input_shape: Sequence[int], width: int, depth: int) -> None:
    if len(input_shape) != 3 or min(input_shape) < 1:
        raise ValueError(f"a CNN needs images [h, w, c], got an input of shape {list(input_shape)}")
    if width < 1 or depth < 0:
        raise ValueError(f"width must be at least 1 and depth at least 0, got width {width}, depth {depth}")
    # Each block halves both sides, rounding down.
    largest = min(input_shape[:2]).bit_length() - 1
    if depth > largest:
        raise ValueError(
            f"depth {depth} is too deep for {input_shape[0]}x{input_shape[1]} images: at most {largest}"
        )
