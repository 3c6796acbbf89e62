"""What a part must return, checked before anything trains: a wrong shape may broadcast and train nonsense."""

from collections.abc import Callable
from typing import Any

import jax
import numpy as np

from runner.data.dataset import Source
from runner.data.streamed import Streamed
from runner.errors import ConfigError

Augmentation = Callable[..., tuple[jax.Array, jax.Array]]
Binary = Callable[[jax.Array, jax.Array], jax.Array]


def checked_source(source: Any) -> Source:
    """A data set whose arrays are what `Source` says, and finite; what is streamed is so far as it tells.

    Raises:
        ConfigError: they are not.
    """
    if not isinstance(source, Source):
        raise ConfigError(f"dataset: it returns {_shown(source)}, not a runner.data.dataset.Source")
    if not (np.isfinite(source.maximum) and source.maximum > 0):
        raise ConfigError(f"dataset: its maximum is {source.maximum}, expected a number greater than 0")
    _check_examples("", source.inputs, source.targets, source.classes)
    if source.test is not None:
        _check_examples("test ", *source.test, source.classes)
        for ours, theirs in zip((source.inputs, source.targets), source.test, strict=True):
            if ours.shape[1:] != theirs.shape[1:]:
                raise ConfigError(f"dataset: {_shown(ours)} to train and {_shown(theirs)} to test do not fit")
        if isinstance(source.inputs, Streamed) != isinstance(source.test[0], Streamed):
            raise ConfigError("dataset: of its inputs and its test inputs, one is streamed and one is not")
    return source


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

    def augment(
        key: jax.Array, inputs: jax.Array, targets: jax.Array, *pool: Any
    ) -> tuple[jax.Array, jax.Array]:
        found = function(key, inputs, targets, *pool)
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


def _check_examples(part: str, inputs: Any, targets: Any, classes: tuple[str, ...] | None) -> None:
    for name, array in ((f"{part}inputs", inputs), (f"{part}targets", targets)):
        kinds = (np.ndarray, Streamed) if array is inputs else np.ndarray
        if not isinstance(array, kinds) or array.dtype.kind not in "biuf":
            raise ConfigError(f"dataset: its {name} are not a NumPy array of numbers, but {_shown(array)}")
        if isinstance(array, np.ndarray) and array.dtype.kind == "f":
            _refuse_first(~np.isfinite(array), array, name, "a finite number")
    if inputs.ndim < 2:
        raise ConfigError(f"dataset: its {part}inputs are {_shown(inputs)}, expected [n, ...]")
    expected = 2 if classes is None else 1
    if targets.ndim != expected or (classes is not None and targets.dtype.kind not in "iu"):
        meant = "numbers [n, k]" if classes is None else "classes as integers [n]"
        raise ConfigError(
            f"dataset: its {part}targets are {targets.dtype} {_shown(targets)}, expected {meant}"
        )
    if len(inputs) != len(targets):
        raise ConfigError(f"dataset: {len(inputs)} {part}inputs and {len(targets)} {part}targets")
    if classes is not None:
        outside = (targets < 0) | (targets >= len(classes))
        _refuse_first(outside, targets, f"{part}targets", f"a class from 0 to {len(classes) - 1}")


def _refuse_first(wrong: np.ndarray, array: np.ndarray, name: str, expected: str) -> None:
    if wrong.any():
        place = np.unravel_index(wrong.argmax(), wrong.shape)
        index = ", ".join(map(str, place))
        raise ConfigError(f"dataset: {name}[{index}] is {array[place]}, expected {expected}")


def _refuse(what: str, found: Any, shape: tuple[int, ...]) -> None:
    if getattr(found, "shape", None) != shape:
        raise ConfigError(f"{what}: expected the shape {list(shape)}, got {_shown(found)}")


def _shown(value: Any) -> str:
    return str(list(value.shape)) if hasattr(value, "shape") else type(value).__name__
