"""What a run can be resumed and used from.

While it trains: an Orbax store, `checkpoints/STEP/`. When it has ended: one file,
`checkpoints/final.msgpack`, with the last state and the best weights.
"""

import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from flax import serialization

from runner.errors import ConfigError, RunError

FOLDER = "checkpoints"
FINAL = "final.msgpack"
UNFINISHED = "*.orbax-checkpoint-tmp*"
"""What a kill leaves of a save."""

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


class Store:
    """The Orbax store of a run under way; opened at the first save, since Orbax takes time to import."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / FOLDER
        self._manager: Any = None

    def save(self, saved: Saved) -> None:
        """Saves a state beside the last one; a kill at any moment leaves one of them whole.

        Raises RunError if this state, or the one before, could not be written.
        """
        import orbax.checkpoint as ocp

        parts = ocp.args.Composite(
            arrays=ocp.args.StandardSave(saved.arrays), meta=ocp.args.JsonSave(saved.meta)
        )
        with _told(self._folder):
            if self._manager is None:
                _drop(self._folder.glob(UNFINISHED))
                self._manager = _manager(self._folder)
            self._manager.save(saved.step, args=parts)

    def close(self) -> None:
        """Waits for what is being saved.

        Raises RunError if it could not be written.
        """
        if self._manager is not None:
            with _told(self._folder):
                self._manager.close()


def save_final(folder: Path, saved: Saved) -> None:
    """Writes the file of an ended run, whole or not at all, and drops what it replaces."""
    target = folder / FOLDER / FINAL
    target.parent.mkdir(exist_ok=True)
    partial = target.with_suffix(".partial")
    with partial.open("wb") as file:
        file.write(serialization.msgpack_serialize(saved._asdict() | {"meta": json.dumps(saved.meta)}))
        file.flush()
        os.fsync(file.fileno())
    partial.replace(target)
    _drop(path for path in target.parent.iterdir() if path.is_dir())


def latest(folder: Path) -> Saved | None:
    """The newest state in a run's folder, or None if it has none yet.

    Raises ConfigError if what is there cannot be read.
    """
    final = _final(folder / FOLDER / FINAL)
    steps = [int(entry.name) for entry in (folder / FOLDER).glob("*") if entry.name.isdigit()]
    if not steps or (final is not None and final.step >= max(steps)):
        return final
    return _from_store(folder / FOLDER)


def _final(path: Path) -> Saved | None:
    if not path.exists():
        return None
    try:
        found: Any = serialization.msgpack_restore(path.read_bytes())
        return Saved(found["step"], found["arrays"], json.loads(found["meta"]))
    except Exception as error:
        raise ConfigError(f"{path}: not a checkpoint that can be read ({type(error).__name__})") from error


def _from_store(folder: Path) -> Saved | None:
    import orbax.checkpoint as ocp

    manager = _manager(folder, read_only=True)
    try:
        step = manager.latest_step()
        if step is None:
            return None
        found = manager.restore(
            step, args=ocp.args.Composite(arrays=ocp.args.StandardRestore(), meta=ocp.args.JsonRestore())
        )
        return Saved(
            step, {name: np.asarray(array) for name, array in found["arrays"].items()}, found["meta"]
        )
    finally:
        manager.close()


def _manager(folder: Path, read_only: bool = False) -> Any:
    import orbax.checkpoint as ocp

    options = ocp.CheckpointManagerOptions(max_to_keep=2, read_only=read_only)
    return ocp.CheckpointManager(folder.absolute(), options=options)


@contextmanager
def _told(folder: Path) -> Iterator[None]:
    # What Orbax raises of a disk is of many types and many lines.
    try:
        yield
    except Exception as error:
        reason = str(error).partition("\n")[0] or type(error).__name__
        raise RunError(f"{folder}: the state cannot be saved ({reason})") from error


def _drop(folders: Iterable[Path]) -> None:
    for folder in folders:
        shutil.rmtree(folder)


def _name(prefix: str, path: Any) -> str:
    return f"{prefix}.{jax.tree_util.keystr(path, simple=True, separator='.')}"


def _is_key(leaf: Any) -> bool:
    return jnp.issubdtype(leaf.dtype, jax.dtypes.prng_key)


def _words(leaf: Any) -> Any:
    return jax.random.key_data(leaf) if _is_key(leaf) else leaf
