"""The weights of other runs that a run starts from: of all of its model, or of a branch of it."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from flax import nnx
from omegaconf import DictConfig

from runner import checkpoints
from runner import folder as folders
from runner.binding import resolve
from runner.branches import INIT_FROM, origins
from runner.errors import ConfigError
from runner.preparation import Material
from runner.runs import refuse_without_best

LEARNED = nnx.Any(nnx.Param, nnx.BatchStat, "frozen")
"""What training makes of a model, also what `models.layers.freezing` has frozen; the rest is a run's own."""
BEST = "state.best.model"
FREE = frozenset({"kernel_init", "dropout", "dtype"})
"""Keys of a network that decide nothing of what it computes once it is trained."""


def refuse_misfits(material: Material) -> None:
    """Raises ConfigError where a branch cannot start from the run that the config names for it.

    Told by what the run has written, before anything is compiled; but for the shapes of its weights.
    """
    for name, folder in origins(resolve(material.config)["model"]).items():
        _fitting(folder, name, material)


def transferred(material: Material, model: nnx.State) -> nnx.State:
    """The variables of a model's lanes, with the weights of the runs that the config names.

    Raises ConfigError if one is not to be had, or does not fit.
    """
    config = material.config
    if config.init_from is not None:
        model = _with_weights_of(Path(config.init_from), model)
    for name, folder in origins(resolve(config)["model"]).items():
        model = _with_branch_of(folder, name, material, model)
    return model


def names_runs(config: DictConfig) -> bool:
    """Whether a config names runs to start from."""
    return config.init_from is not None or bool(origins(resolve(config)["model"]))


def _with_weights_of(folder: Path, model: nnx.State) -> nnx.State:
    where = f"init_from={folder}"
    return _replaced(where, model, lambda path, value: True, _saved(where, folder).arrays)


def _with_branch_of(folder: Path, name: str, material: Material, model: nnx.State) -> nnx.State:
    place, saved = ("branches", name), _fitting(folder, name, material)
    arrays = {
        f"{BEST}.{'.'.join(place)}{key.removeprefix(BEST)}": array
        for key, array in saved.arrays.items()
        if key.startswith(f"{BEST}.")
    }
    return _replaced(_where(folder, name), model, lambda path, value: path[:2] == place, arrays)


def _fitting(folder: Path, name: str, material: Material) -> checkpoints.Saved:
    """What a run has saved, if a branch can start from it."""
    where = _where(folder, name)
    theirs, _ = folders.load_config(folder)
    refuse_without_best(folder, folders.read_summary(folder))
    saved = _saved(where, folder)
    try:
        _refuse_other_inputs(saved, material)
        _refuse_other_network(resolve(theirs)["model"], resolve(material.config)["model"]["branches"][name])
    except ValueError as error:
        raise ConfigError(f"{where}: {error}") from error
    return saved


def _where(folder: Path, name: str) -> str:
    return f"model.branches.{name}.{INIT_FROM}={folder}"


def _saved(where: str, folder: Path) -> checkpoints.Saved:
    if (folder / folders.MEMBERS).is_dir():
        raise ConfigError(f"{where}: an ensemble; start from one of {folder / folders.MEMBERS}")
    saved = checkpoints.latest(folder)
    if saved is None:
        raise ConfigError(f"{where}: it has no checkpoint yet")
    return saved


def _replaced(
    where: str,
    model: nnx.State,
    within: Callable[[Any, Any], bool],
    arrays: Mapping[str, np.ndarray],
) -> nnx.State:
    learned, own = nnx.split_state(model, nnx.All(LEARNED, within), ...)
    template = jax.tree.map(lambda leaf: jax.ShapeDtypeStruct(leaf.shape[1:], leaf.dtype), learned)
    try:
        found = checkpoints.unflatten(template, arrays, BEST)
    except ConfigError as error:
        raise ConfigError(f"{where}: {error}") from error
    lanes = jax.tree.map(lambda leaf, like: jnp.broadcast_to(leaf, like.shape), found, learned)
    return nnx.merge_state(lanes, own)


def _refuse_other_inputs(saved: checkpoints.Saved, material: Material) -> None:
    theirs, spec = saved.meta["spec"], material.spec
    if tuple(theirs["input_shape"]) != tuple(spec.input_shape):
        raise ValueError(f"its inputs are {tuple(theirs['input_shape'])}, here {tuple(spec.input_shape)}")
    own = checkpoints.flatten(material.data.preprocessing, "preprocessing")
    known = {name: array for name, array in saved.arrays.items() if name.startswith("preprocessing.")}
    same = own.keys() == known.keys() and all(
        array.shape == known[name].shape and np.allclose(array, known[name], rtol=1e-5, atol=1e-6)
        for name, array in own.items()
    )
    if not same or theirs["maximum"] != spec.maximum:
        raise ValueError(
            "its inputs are preprocessed otherwise, or by what was fitted to other data; "
            "take the same dataset, split_seed, subset and preprocessing as it"
        )


def _refuse_other_network(theirs: Mapping[str, Any], branch: Mapping[str, Any]) -> None:
    keys = {key for key in {**theirs, **branch} if not key.startswith("_")} - {INIT_FROM, "frozen", *FREE}
    for key in ["_target_", *sorted(keys)]:
        if theirs.get(key) != branch.get(key):
            raise ValueError(
                f"its model has {key}={_shown(theirs.get(key))}, the branch {_shown(branch.get(key))}"
            )


def _shown(value: Any) -> Any:
    return value.get("_target_", value) if isinstance(value, Mapping) else value
