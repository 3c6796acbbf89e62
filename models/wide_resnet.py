"""Wide residual network for small images."""

from collections.abc import Sequence

import jax
from flax import nnx

from models.layers._types import Activation, Initializer, Normalization, Number
from models.layers.activation import pieces
from models.layers.convolution import Convolution
from models.layers.dense import DenseStack
from models.layers.images import check_images
from models.layers.normalization import removes_bias
from models.layers.options import LayerOptions


class PreActivation(nnx.Module):
    """Normalization -> activation, for [..., num_features]."""

    def __init__(self, num_features: int, options: LayerOptions) -> None:
        self.normalization = options.make_normalization(num_features)
        self.activation = options.make_activation(num_features)
        self.dtype = options.dtype

    def __call__(self, x: jax.Array) -> jax.Array:
        # A traced float32 slope of the activation would promote bfloat16 to float32.
        return self.activation(self.normalization(x)).astype(self.dtype)


class WideBlock(nnx.Module):
    """F(x) + x: F is twice normalization -> activation -> 3x3 convolution, with dropout before the second.

    From [n, h, w, in_features] to [n, h / stride, w / stride, out_features]. Where the shape changes, the
    first pre-activation goes through a 1x1 convolution in the place of x.
    """

    def __init__(
        self, in_features: int, out_features: int, options: LayerOptions, *, stride: int, rngs: nnx.Rngs
    ) -> None:
        self.before_first, self.before_second = (
            PreActivation(features, options) for features in (in_features, out_features)
        )
        # What is added to x meets a normalization at last: of the next block, or before the logits.
        use_bias = not removes_bias(self.before_first.normalization)

        def convolution(fan_in: int, size: int, stride: int) -> Convolution:
            return options.make_convolution(
                fan_in, out_features, (size, size), stride=stride, use_bias=use_bias, rngs=rngs.fork()
            )

        self.first = convolution(in_features, 3, stride)
        self.second = convolution(out_features, 3, 1)
        same = in_features == out_features and stride == 1
        self.projection = None if same else convolution(in_features, 1, stride)
        self.dropout = options.make_dropout(rngs=rngs.fork())

    def __call__(self, x: jax.Array) -> jax.Array:
        y = self.before_first(x)
        shortcut = x if self.projection is None else self.projection(y)
        y = self.before_second(self.first(y))
        return self.second(self.dropout(y)) + shortcut


class WideResNet(nnx.Module):
    """Wide residual network of Zagoruyko and Komodakis 2016 (arXiv 1605.07146).

    From [n, h, w, c] to [n, outputs]: a 3x3 convolution to `width` features, three stages of (depth - 4) / 6
    `WideBlock`s with `widening` times `width`, 2 `width` and 4 `width` features, the second and third at
    half the resolution, normalization, activation, the mean over pixels, and the logits. Dropout acts inside
    the blocks. Biases start at 0. `dtype` names the dtype of the activations; the parameters and the outputs
    are never less than float32. `rngs` needs the streams `params` and `dropout`.

    Raises:
        ValueError: `input_shape` is not [h, w, c], `width`, `widening` or the number of outputs is less than
            1, `depth` is not 6n + 4, the activation is a maxout, or `dropout` is outside [0, 1).
    """

    def __init__(
        self,
        input_shape: Sequence[int],
        outputs: int | None,
        *,
        width: int,
        widening: int,
        depth: int,
        activation: Activation,
        kernel_init: Initializer,
        normalization: Normalization,
        dropout: Number,
        dtype: str = "float32",
        rngs: nnx.Rngs,
    ) -> None:
        check_images(input_shape, "wide ResNet")
        _check(width, widening, depth, activation)
        options = LayerOptions(activation, kernel_init, normalization, dropout, dtype)
        per_stage = (depth - 4) // 6
        features = [width, *(width * widening * 2**stage for stage in range(3) for _ in range(per_stage))]
        self.blocks = nnx.List(
            WideBlock(
                features[block],
                features[block + 1],
                options,
                stride=2 if block in (per_stage, 2 * per_stage) else 1,
                # A stream of its own: what a block draws moves no other block's kernels.
                rngs=rngs.fork(),
            )
            for block in range(3 * per_stage)
        )
        self.last = PreActivation(features[-1], options)
        use_bias = not removes_bias(self.last.normalization)
        self.stem = options.make_convolution(input_shape[-1], width, use_bias=use_bias, rngs=rngs.fork())
        self.logits = DenseStack(features[-1], outputs, options, hidden=[], rngs=rngs.fork())

    def __call__(self, x: jax.Array) -> jax.Array:
        x = self.stem(x)
        for block in self.blocks:
            x = block(x)
        return self.logits(self.last(x).mean((1, 2)))


def _check(width: int, widening: int, depth: int, activation: Activation) -> None:
    if min(width, widening) < 1:
        raise ValueError(f"width and widening must be at least 1, got width {width}, widening {widening}")
    if depth < 10 or depth % 6 != 4:
        raise ValueError(f"depth must be 6n + 4, like 10, 16, 22, 28 or 40, got {depth}")
    if pieces(activation) != 1:
        raise ValueError(
            "a wide ResNet activates before it convolves, so there is no layer that maxout could widen; "
            "choose another activation, or model=resnet"
        )
