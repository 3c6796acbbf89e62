"""What the layers of a network have in common."""

from collections.abc import Callable
from dataclasses import dataclass

import jax
import jax.numpy as jnp
from flax import nnx
from jax.typing import DTypeLike

from models.layers._types import Activation, Initializer, Normalization, Number, Pair
from models.layers.activation import ActivationLayer, make_activation
from models.layers.convolution import Convolution
from models.layers.dropout import Dropout, make_dropout
from models.layers.identity import Identity
from models.layers.normalization import make_normalization


@dataclass(frozen=True)
class LayerOptions:
    """What the layers of a network have in common, and how each of them is made with it.

    `dtype` is that of the activations; the parameters are never less than float32. No module keeps these
    options: a traced number among them would become a part of its graph definition.
    """

    activation: Activation
    kernel_init: Initializer
    normalization: Normalization
    dropout: Number
    dtype: DTypeLike

    @property
    def param_dtype(self) -> DTypeLike:
        """The dtype of the parameters."""
        return jnp.promote_types(self.dtype, jnp.float32)

    def make_activation(self, num_features: int) -> ActivationLayer:
        """The activation of one layer, for [..., num_features]."""
        return make_activation(self.activation, num_features, param_dtype=self.param_dtype)

    def make_normalization(self, num_features: int) -> Callable[[jax.Array], jax.Array]:
        """The normalization of one layer, for [..., num_features]."""
        return make_normalization(
            self.normalization, num_features, dtype=self.dtype, param_dtype=self.param_dtype
        )

    def make_dropout(self, *, rngs: nnx.Rngs) -> Dropout | Identity:
        """The dropout of one layer."""
        return make_dropout(self.dropout, rngs=rngs)

    def make_linear(
        self, in_features: int, out_features: int, *, use_bias: bool = True, rngs: nnx.Rngs
    ) -> nnx.Linear:
        """A linear layer, from [..., in_features] to [..., out_features]."""
        return nnx.Linear(
            in_features,
            out_features,
            use_bias=use_bias,
            kernel_init=self.kernel_init,
            dtype=self.dtype,
            param_dtype=self.param_dtype,
            rngs=rngs,
        )

    def make_convolution(
        self,
        in_features: int,
        out_features: int,
        kernel_size: Pair = (3, 3),
        *,
        stride: int = 1,
        use_bias: bool = True,
        rngs: nnx.Rngs,
    ) -> Convolution:
        """A padded convolution, from [n, h, w, in_features] to [n, h / stride, w / stride, out_features]."""
        return Convolution(
            in_features,
            out_features,
            kernel_size,
            strides=(stride, stride),
            use_bias=use_bias,
            kernel_init=self.kernel_init,
            dtype=self.dtype,
            param_dtype=self.param_dtype,
            rngs=rngs,
        )
