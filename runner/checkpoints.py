"""What a run can be resumed and used from: one file, with the last state and the best weights.

A file that is replaced whole, rather than an Orbax store: a state has one host's arrays, and a kill or a
full disk finds no thread and no folder half written.
"""

import json
import os
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from flax import serialization

from runner.errors import ConfigError

FILE = "checkpoints/state.msgpack"
AT_ONCE = 4
"""States that are saved beside each other."""

Arrays = dict[str, np.ndarray]


class Saved(NamedTuple):
    """A state at rest."""

    step: int
    arrays: Arrays
    meta: dict[str, Any]
    """JSON: what the arrays do not say."""


def flatten(tree: Any, prefix: str) -> Arrays:
    """The leaves of a tree as host arrays by path; random keys as their words."""
    leaves = jax.tree_util.tree_leaves_with_path(tree)
    return {_name(prefix, path): np.asarray(_words(leaf)) for path, leaf in leaves}


def unflatten(template: Any, arrays: Mapping[str, np.ndarray], prefix: str) -> Any:
    """The inverse of `flatten`; `template` has the tree's shapes and dtypes.

    Raises ConfigError if an array is missing or of another shape: the code or the config has changed.
    """

    def restore(path: Any, leaf: Any) -> jax.Array:
        name = _name(prefix, path)
        found = arrays.get(name)
        if found is None:
            raise ConfigError(f"the checkpoint has no {name}: it was written by another model or optimizer")
        if _is_key(leaf):
            return jax.random.wrap_key_data(jnp.asarray(found))
        if found.shape != leaf.shape:
            raise ConfigError(
                f"the checkpoint's {name} has shape {found.shape}, the model's has {leaf.shape}"
            )
        return jnp.asarray(found, leaf.dtype)

    return jax.tree_util.tree_map_with_path(restore, template)


def save(folder: Path, saved: Saved) -> None:
    """Replaces the state in a run's folder."""
    target = folder / FILE
    target.parent.mkdir(exist_ok=True)
    write(target, saved)


def save_all(states: Iterable[tuple[Path, Saved]]) -> None:
    """Replaces the states in several runs' folders; each waits for the disk, several no longer than one."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(lambda own: save(*own), states))


def latest(folder: Path) -> Saved | None:
    """The newest state in a run's folder, or None if it has none yet; raises as `read` does."""
    path = folder / FILE
    return read(path) if path.exists() else None


def write(path: Path, saved: Saved) -> None:
    """Replaces a file; a kill at any moment leaves the old one or the new one, whole."""
    partial = path.with_suffix(".partial")
    with partial.open("wb") as file:
        file.write(serialization.msgpack_serialize(saved._asdict() | {"meta": json.dumps(saved.meta)}))
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)


def read(path: Path) -> Saved:
    """What `write` wrote.

    Raises ConfigError if it cannot be read.
    """
    try:
        found: Any = serialization.msgpack_restore(path.read_bytes())
        return Saved(found["step"], found["arrays"], json.loads(found["meta"]))
    except Exception as error:
        raise ConfigError(f"{path}: not a checkpoint that can be read ({type(error).__name__})") from error


def _name(prefix: str, path: Any) -> str:
    return f"{prefix}.{jax.tree_util.keystr(path, simple=True, separator='.')}"


def _is_key(leaf: Any) -> bool:
    return jnp.issubdtype(leaf.dtype, jax.dtypes.prng_key)


def _words(leaf: Any) -> Any:
    return jax.random.key_data(leaf) if _is_key(leaf) else leaf
