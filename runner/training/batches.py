"""From examples on the device to what the model sees."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax.typing import DTypeLike

from runner.training.parts import Parts
from runner.training.streams import stream


class Indices(NamedTuple):
    """The examples of a split, padded to the longest split: [batches, b] and how many of them count."""

    padded: jax.Array | np.ndarray
    size: np.int32


class Data(NamedTuple):
    """A data set on the device: an input of every program, never a constant in one."""

    inputs: jax.Array
    """[N, ...] as stored: images stay uint8 until a step needs them. Of streamed data, those in a window."""
    targets: jax.Array
    train: jax.Array
    """int32 [n]: which examples train."""
    maximum: jax.Array
    """What stored inputs are divided by; its dtype is the one that training computes losses in."""
    preprocessing: tuple[Callable[[jax.Array], jax.Array], ...]
    """Fitted functions, as pytrees."""
    rows: jax.Array | None = None
    """int32 [N]: where in a window an example lies, if it does. None where all examples are there."""
    pools: Mapping[str, Any] = {}
    """What augmentations draw from beside a batch, by their name; pytrees."""


def place(
    inputs: np.ndarray,
    targets: np.ndarray,
    train: np.ndarray,
    maximum: float,
    preprocessing: tuple[Callable[[jax.Array], jax.Array], ...],
    dtype: DTypeLike,
    rows: np.ndarray | None = None,
) -> Data:
    """Puts a data set onto the device; what NumPy converts, XLA need not compile a program for."""
    stored = inputs.astype(dtype) if np.issubdtype(inputs.dtype, np.floating) else inputs
    arrays = jax.device_put((stored, targets, train, np.asarray(maximum, dtype), rows))
    return Data(arrays[0], arrays[1], arrays[2], arrays[3], preprocessing, arrays[4])


def examples(data: Data, indices: jax.Array, parts: Parts) -> tuple[jax.Array, jax.Array]:
    """Inputs [b, ...], images in [0, 1], and encoded targets [b, k] of the examples at `indices` [b]."""
    dtype = data.maximum.dtype
    places = indices if data.rows is None else data.rows[indices]
    inputs = data.inputs[places].astype(dtype) / data.maximum
    return inputs, parts.task.encode(data.targets[indices], inputs, dtype)


def preprocess(data: Data, inputs: jax.Array) -> jax.Array:
    """Applies the fitted preprocessing in its order."""
    for function in data.preprocessing:
        inputs = function(inputs).astype(inputs.dtype)
    return inputs


def augment(
    parts: Parts, data: Data, inputs: jax.Array, targets: jax.Array, step: jax.Array
) -> tuple[jax.Array, jax.Array]:
    """Applies each augmentation with a draw of its own for this step."""
    for name, function in parts.augmentations.items():
        key = jax.random.fold_in(stream(parts.key, f"augmentation/{name}"), step)
        pool = (data.pools[name],) if name in data.pools else ()
        inputs, targets = function(key, inputs, targets, *pool)
    return inputs, targets


def training_batch(
    parts: Parts, data: Data, indices: jax.Array, step: jax.Array
) -> tuple[jax.Array, jax.Array, jax.Array | None]:
    """Inputs and targets of a training step as the model and the loss take them, and weights [b] of mean 1.

    The weights are None where all examples count alike. A mixture of examples weighs as much as its parts.
    """
    inputs, targets = augment(parts, data, *examples(data, indices, parts), step)
    weights = None if parts.class_weights is None else _weigh(targets, parts.class_weights)
    return preprocess(data, inputs), parts.soften(targets), weights


def _weigh(targets: jax.Array, class_weights: jax.Array) -> jax.Array:
    weights = jnp.sum(targets * class_weights.astype(targets.dtype), axis=-1)
    return weights / jnp.mean(weights)


def epoch_order(parts: Parts, data: Data, epoch: jax.Array) -> jax.Array:
    """int32 [n]: the examples of `train` in the order this epoch visits them."""
    key = jax.random.fold_in(stream(parts.key, "batches"), epoch)
    return data.train[parts.sampler(key, data.targets[data.train])]


def order_at(parts: Parts, data: Data, order: jax.Array, index: jax.Array) -> jax.Array:
    """The order of the epoch that the step after `index` steps is in, given that of the step before it.

    It is drawn once an epoch: to sort takes longer than a step of a small network.
    """
    per_epoch = data.train.size // parts.batch_size
    begins = index % per_epoch == 0
    return jax.lax.cond(begins, lambda: epoch_order(parts, data, index // per_epoch), lambda: order)


def batch_at(parts: Parts, data: Data, order: jax.Array, index: jax.Array) -> jax.Array:
    """int32 [b]: the examples of the step after `index` steps, in the order of its epoch."""
    first = index % (data.train.size // parts.batch_size) * parts.batch_size
    return jax.lax.dynamic_slice(order, (first,), (parts.batch_size,))
