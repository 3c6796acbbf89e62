"""Conditional generative adversarial network."""

import math
from collections.abc import Callable, Sequence

import jax
import jax.numpy as jnp
from flax import nnx

from models.layers._types import Activation, Initializer, Normalization, Number
from models.layers.dense import DenseStack
from models.layers.options import LayerOptions


class Gan(nnx.Module):
    """A generator of examples of a class, and a discriminator that tells them from real ones.

    After Goodfellow et al. (2014, arXiv 1406.2661); both are given the class (Mirza and Osindero 2014, arXiv
    1411.1784), and are dense layers. Called with inputs [n, *input_shape] in [0, 1] and one-hot classes
    [n, k], it returns the terms of each example's loss [n, 3], of which each moves one player alone:

    - discriminator: softplus(-D(x)) + softplus(D(g)), the generated g held fixed;
    - penalty: `penalty` / 2 times the squared norm of D's gradient at x, the R1 of Mescheder et al. (2018,
      arXiv 1801.04406), with which simultaneous steps of both players converge;
    - generator: softplus(-D(g)), the discriminator held fixed (non-saturating).

    So one step of any optimizer moves both at once. In evaluation mode the noise is always the same.

    Raises:
        ValueError: a width or `code` is less than 1, or `dropout` is outside [0, 1).
    """

    def __init__(
        self,
        input_shape: Sequence[int],
        classes: int,
        *,
        generator: Sequence[int],
        discriminator: Sequence[int],
        code: int,
        penalty: Number,
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
        self.generator = DenseStack(code + classes, size, options, hidden=generator, rngs=rngs.fork())
        self.discriminator = DenseStack(size + classes, 1, options, hidden=discriminator, rngs=rngs.fork())
        self.penalty = nnx.Variable(jnp.asarray(penalty, options.param_dtype))
        self.deterministic = False
        self.noise = rngs["default"].fork()

    def __call__(self, inputs: jax.Array, classes: jax.Array) -> jax.Array:
        key = jax.random.key(0) if self.deterministic else self.noise()
        real, made = inputs.reshape(len(inputs), -1), self._made(key, classes)
        tell = self._held()
        slopes = jax.grad(lambda images: jnp.sum(self._copied()(images, classes)))(real)
        found = _told(self.discriminator, real, classes)
        discriminator = jax.nn.softplus(-found) + jax.nn.softplus(
            self._copied()(jax.lax.stop_gradient(made), classes)
        )
        penalty = self.penalty[...] / 2 * jnp.sum(jnp.square(slopes), axis=-1)
        return jnp.stack([discriminator, penalty, jax.nn.softplus(-tell(made, classes))], axis=-1)

    def generate(self, key: jax.Array, classes: jax.Array) -> jax.Array:
        """Examples [n, *input_shape] in [0, 1] of classes [n, k]."""
        return self._made(key, classes).reshape(-1, *self.input_shape)

    def _made(self, key: jax.Array, classes: jax.Array) -> jax.Array:
        codes = jax.random.normal(key, (len(classes), self.code), classes.dtype)
        return jax.nn.sigmoid(self.generator(jnp.concatenate([codes, classes], axis=-1)))

    def _copied(self) -> Callable[[jax.Array, jax.Array], jax.Array]:
        """The discriminator, called beside its own call: what a call leaves in it is forgotten."""
        leaves, structure = jax.tree.flatten(self.discriminator)
        return lambda images, classes: _told(jax.tree.unflatten(structure, leaves), images, classes)

    def _held(self) -> Callable[[jax.Array, jax.Array], jax.Array]:
        """The same, through which a gradient passes that moves none of its parameters."""
        leaves, structure = jax.tree.flatten(self.discriminator)
        held = [jax.lax.stop_gradient(leaf) for leaf in leaves]
        return lambda images, classes: _told(jax.tree.unflatten(structure, held), images, classes)


def _told(discriminator: DenseStack, images: jax.Array, classes: jax.Array) -> jax.Array:
    """The logits [n] of being real of images [n, d] of classes [n, k]."""
    return discriminator(jnp.concatenate([images, classes], axis=-1))[:, 0]
