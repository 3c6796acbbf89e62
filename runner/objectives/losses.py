"""Losses: functions of outputs and targets, both [batch, k], to one value an example, [batch].

The targets of a class are one-hot, or soft: a distribution over the classes, as label smoothing and mixing
make them. Every loss of classes is the mean of its values at each class, weighted by that distribution.
"""

import jax
import jax.numpy as jnp
import optax

Number = jax.Array | float


def mse(outputs: jax.Array, targets: jax.Array) -> jax.Array:
    """Mean over the k outputs of (output - target)^2: [batch, k], [batch, k] -> [batch].

    Classes are one-hot targets (the Brier score, where outputs are probabilities).
    """
    return jnp.mean(jnp.square(outputs - targets), axis=-1)


def huber(outputs: jax.Array, targets: jax.Array, *, delta: Number) -> jax.Array:
    """Mean over k outputs of e^2 / 2 where |e| <= delta, else delta (|e| - delta / 2); e = output - target.

    Huber 1964, "Robust estimation of a location parameter".
    """
    return jnp.mean(optax.huber_loss(outputs, targets, delta=delta), axis=-1)


def hinge(outputs: jax.Array, targets: jax.Array) -> jax.Array:
    """max(0, 1 + max_{j != y} o_j - o_y) for the class y (Crammer and Singer 2001).

    Of two classes it is the binary hinge, max(0, 1 - m) at the margin m = (o_1 - o_0) for class 1 and its
    negative for class 0. What optax calls `hinge_loss` takes labels of -1 and 1, and is silently wrong at 0.
    """
    labels = jnp.arange(outputs.shape[-1])[:, None]
    of_classes = jax.vmap(optax.losses.multiclass_hinge_loss, in_axes=(None, 0), out_axes=-1)
    return jnp.sum(targets * of_classes(outputs, labels), axis=-1)


def binary_cross_entropy(outputs: jax.Array, targets: jax.Array) -> jax.Array:
    """Mean over the k outputs of -t log s(o) - (1 - t) log s(-o), s the sigmoid: one against the rest."""
    return jnp.mean(optax.sigmoid_binary_cross_entropy(outputs, targets), axis=-1)


def focal(outputs: jax.Array, targets: jax.Array, *, gamma: Number, alpha: Number) -> jax.Array:
    """-alpha (1 - p)^gamma log p for the softmax probability p of the class.

    Lin et al. 2017, "Focal loss for dense object detection", arXiv 1708.02002.
    """
    # By way of the log-odds: 1 - p rounds to 0, where the gradient of its power is no number.
    others = jnp.where(jnp.eye(outputs.shape[-1], dtype=bool), -jnp.inf, outputs[..., None, :])
    odds = outputs - jax.nn.logsumexp(others, axis=-1)
    of_classes = -alpha * jnp.exp(gamma * jax.nn.log_sigmoid(-odds)) * jax.nn.log_sigmoid(odds)
    return jnp.sum(targets * of_classes, axis=-1)


def output(outputs: jax.Array, targets: jax.Array) -> jax.Array:
    """Mean over the k outputs, whatever the targets: for a model that says its own loss."""
    return jnp.mean(outputs, axis=-1)
