"""A user's data set, optimizer, loss, augmentation and diagnostics."""

import jax
import jax.numpy as jnp
import numpy as np
import optax

from runner.data.dataset import Source
from runner.data.digits import digits


def waves(n: int, task: str) -> Source:
    """Points [n, 4]: the class of each is the sign of a wave, or its numbers [n, 2] are two waves."""
    inputs = np.random.default_rng(0).normal(size=(n, 4)).astype(np.float32)
    values = np.sin(inputs @ np.eye(4, 2, dtype=np.float32))
    if task == "numbers":
        return Source(inputs, values, None, 1.0)
    return Source(inputs, (values[:, 0] > 0).astype(np.int32), ("below", "above"), 1.0)


def images(kind: str, n: int, brightness: int) -> Source:
    """The first `n` digits as `kind` has them, their pixels and the maximum times `brightness`."""
    ours = digits()
    pixels, labels, classes = ours.inputs[:n] * np.uint8(brightness), ours.targets[:n], ours.classes
    if kind == "wide":
        pixels = np.pad(pixels, ((0, 0), (0, 0), (0, 1), (0, 0)))
    if kind == "fewer":
        pixels, labels, classes = pixels[labels < 5], labels[labels < 5], tuple("01234")
    if kind == "numbers":
        labels, classes = np.eye(10, dtype=np.float32)[labels], None
    return Source(pixels, labels, classes, ours.maximum * brightness)


def signs(learning_rate, strength) -> optax.GradientTransformation:
    """Descends along the sign of the gradient."""
    return optax.chain(
        optax.stateless(lambda updates, _: jax.tree.map(lambda u: strength * jnp.sign(u), updates)),
        optax.scale_by_learning_rate(learning_rate),
    )


def power(outputs, targets, *, exponent):
    """Mean over outputs of |output - target|^exponent."""
    return jnp.mean(jnp.abs(outputs - targets) ** exponent, axis=-1)


def largest(observed, *, scale):
    """The largest weight of each layer, scaled."""
    return {
        f"diagnostics/largest/{layer}": scale * jnp.max(jnp.concatenate([jnp.abs(w).ravel() for w in arrays]))
        for layer, arrays in observed.parameters.items()
    }


def jitter(key, inputs, targets, *, deviation):
    """Adds noise to the inputs."""
    return inputs + deviation * jax.random.normal(key, inputs.shape, inputs.dtype), targets
