"""What a part must return, checked while it is traced: a wrong shape may broadcast, and train nonsense."""

from collections.abc import Callable
from typing import Any

import jax

from runner.errors import ConfigError

Augmentation = Callable[[jax.Array, jax.Array, jax.Array], tuple[jax.Array, jax.Array]]
Binary = Callable[[jax.Array, jax.Array], jax.Array]


def checked_loss(function: Binary) -> Binary:
    """A loss that refuses outputs unlike the targets [n, k], and returns losses [n]."""

    def losses(outputs: jax.Array, targets: jax.Array) -> jax.Array:
        _refuse("model: its outputs", outputs, targets.shape)
        found = function(outputs, targets)
        _refuse("loss: what it returns", found, targets.shape[:1])
        return found

    return losses


def checked_augmentation(function: Augmentation, where: str) -> Augmentation:
    """An augmentation that returns inputs and targets of the shapes it was given."""

    def augment(key: jax.Array, inputs: jax.Array, targets: jax.Array) -> tuple[jax.Array, jax.Array]:
        found = function(key, inputs, targets)
        if not isinstance(found, tuple) or len(found) != 2:
            raise ConfigError(f"{where}: it returns {_shown(found)}, not (inputs, targets)")
        _refuse(f"{where}: the inputs it returns", found[0], inputs.shape)
        _refuse(f"{where}: the targets it returns", found[1], targets.shape)
        return found

    return augment


def checked_sampler(function: Binary) -> Binary:
    """A sampler that returns one index for each of the targets [n, ...]."""

    def order(key: jax.Array, targets: jax.Array) -> jax.Array:
        found = function(key, targets)
        _refuse("sampler: the order it returns", found, targets.shape[:1])
        return found

    return order


def _refuse(what: str, found: Any, shape: tuple[int, ...]) -> None:
    if getattr(found, "shape", None) != shape:
        raise ConfigError(f"{what}: expected the shape {list(shape)}, got {_shown(found)}")


def _shown(value: Any) -> str:
    return str(list(value.shape)) if hasattr(value, "shape") else type(value).__name__
