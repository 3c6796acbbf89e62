"""Conditional variational autoencoder."""

import math
from collections.abc import Callable, Sequence

import jax
import jax.numpy as jnp
from flax import nnx

from models.layers._types import Activation, Initializer, Normalization, Number
from models.layers.dense import DenseStack
from models.layers.options import LayerOptions

Likelihood = Callable[[jax.Array, jax.Array], jax.Array]
"""What the decoder puts out [n, d] and the inputs [n, d] -> their negative log-likelihood [n]."""


class Vae(nnx.Module):
    """A Gaussian code of an example and its class, and back (Kingma and Welling 2014, arXiv 1312.6114).

    The class is given to both encoder and decoder (Sohn et al. 2015): dense layers `hidden`, and the same the
    other way round. Called with inputs [n, *input_shape] in [0, 1] and one-hot classes [n, k], it returns the
    terms of each example's loss [n, 2]: the negative log-likelihood of the inputs, and the Kullback-Leibler
    divergence of the code's distribution from N(0, I), times `kl_weight` and the numbers of an input for each
    of its code: the normalized beta of Higgins et al. (2017), which means the same for images of any size.
    With less, a code tells the class too, and the decoder forgets what it was asked for. In evaluation mode
    the noise is always the same.

    Raises:
        ValueError: a width or `code` is less than 1, or `dropout` is outside [0, 1).
    """

    def __init__(
        self,
        input_shape: Sequence[int],
        classes: int,
        *,
        hidden: Sequence[int],
        code: int,
        kl_weight: Number,
        likelihood: Likelihood,
        activation: Activation,
        kernel_init: Initializer,
        normalization: Normalization,
        dropout: Number,
        dtype: str = "float32",
        rngs: nnx.Rngs,
    ) -> None:
        options = LayerOptions(activation, kernel_init, normalization, dropout, dtype)
        self.input_shape, self.code = tuple(input_shape), code
        size = math.prod(input_shape)
        self.encoder = DenseStack(size + classes, 2 * code, options, hidden=hidden, rngs=rngs.fork())
        self.decoder = DenseStack(code + classes, size, options, hidden=list(hidden)[::-1], rngs=rngs.fork())
        self.kl_weight = nnx.Variable(jnp.asarray(kl_weight * size / code, options.param_dtype))
        self.likelihood = likelihood
        self.deterministic = False
        self.noise = rngs["default"].fork()

    def __call__(self, inputs: jax.Array, classes: jax.Array) -> jax.Array:
        flat = inputs.reshape(len(inputs), -1)
        mean, log_variance = jnp.split(self.encoder(jnp.concatenate([flat, classes], axis=-1)), 2, axis=-1)
        key = jax.random.key(0) if self.deterministic else self.noise()
        drawn = mean + jnp.exp(log_variance / 2) * jax.random.normal(key, mean.shape, mean.dtype)
        found = self.decoder(jnp.concatenate([drawn, classes], axis=-1))
        divergence = jnp.sum(jnp.square(mean) + jnp.exp(log_variance) - 1 - log_variance, axis=-1) / 2
        return jnp.stack([self.likelihood(found, flat), self.kl_weight[...] * divergence], axis=-1)

    def generate(self, key: jax.Array, classes: jax.Array) -> jax.Array:
        """Examples [n, *input_shape] in [0, 1] of classes [n, k]: means, of codes from N(0, I)."""
        codes = jax.random.normal(key, (len(classes), self.code), classes.dtype)
        found = self.decoder(jnp.concatenate([codes, classes], axis=-1))
        return jax.nn.sigmoid(found).reshape(-1, *self.input_shape)


def bernoulli(outputs: jax.Array, inputs: jax.Array) -> jax.Array:
    """Sum over d of the binary cross-entropy of `inputs` [n, d] in [0, 1], the outputs being logits."""
    return jnp.sum(jnp.logaddexp(0, outputs) - inputs * outputs, axis=-1)


def gaussian(outputs: jax.Array, inputs: jax.Array, *, deviation: Number) -> jax.Array:
    """Sum over d of -log N(x; sigmoid(output), deviation^2), for `inputs` x [n, d]."""
    errors = jnp.square((inputs - jax.nn.sigmoid(outputs)) / deviation)
    return jnp.sum(errors + jnp.log(2 * jnp.pi * jnp.square(deviation)), axis=-1) / 2
