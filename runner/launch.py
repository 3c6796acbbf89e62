"""Starts a run, or goes on with one."""

import copy
import time
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
from flax import nnx
from omegaconf import DictConfig

from runner import checkpoints
from runner import folder as folders
from runner.backend import configure
from runner.checkpoints import Saved
from runner.composition import Job
from runner.errors import ConfigError
from runner.importing import make_importable
from runner.interruption import interruptible
from runner.memory import OutOfMemoryError, out_of_memory
from runner.preparation import Prepared, prepare
from runner.provenance import import_paths, provenance
from runner.records.jsonlines import last_metrics
from runner.records.rewind import rewind
from runner.session import Session, best_found, lane_arrays, new_summary
from runner.training.state import State

ENDED = ("completed", "stopped_early")


def start(config: DictConfig, job: Job, sweep_folder: Path | None = None) -> int:
    """Trains a new run; the exit code.

    Raises ConfigError, with nothing written, where config, data or folder are wrong.
    """
    began = time.monotonic()
    place = sweep_folder or (Path(config.output_dir) if config.output_dir is not None else None)
    if place is not None:
        folders.refuse_occupied(place)
    configure(config)
    prepared = prepare(config)
    state = _initial(prepared)
    summary = new_summary(prepared, job, provenance(job.command))
    with interruptible() as interruption:
        folder = folders.create(place)
        with folders.held(folder):
            # The config comes last: a folder that has one can be resumed.
            folders.write_summary(folder, summary)
            folders.save_config(folder, config, job.overrides)
            return Session(prepared, folder, summary, 0, began, interruption).run(state)


def resume(folder: Path, changes: dict[str, int], command: list[str]) -> int:
    """Goes on with a run from its last checkpoint; `changes` (epochs or steps) may lengthen it.

    The exit code; a run that has ended is left as it is. Raises ConfigError where there is no run, where it
    cannot go on, or where another process is training it.
    """
    began = time.monotonic()
    config, overrides = folders.load_config(folder)
    with folders.held(folder):
        summary = folders.read_summary(folder)
        if summary["status"] in ENDED and not changes:
            print(
                f"{folder}: {summary['status']} after {summary['steps']} steps; "
                f"to train longer: runner resume {folder} epochs=N"
            )
            return 0
        if summary["status"] == "diverged":
            raise ConfigError(f"{folder}: {summary['error']}; start anew, with a lower learning rate")
        make_importable([Path.cwd(), *import_paths(summary)])
        return _go_on(folder, _lengthen(config, changes), overrides, summary, changes, command, began)


def _go_on(
    folder: Path,
    config: DictConfig,
    overrides: list[str],
    summary: dict[str, Any],
    changes: dict[str, int],
    command: list[str],
    began: float,
) -> int:
    configure(config)
    prepared = prepare(config)
    saved = checkpoints.latest(folder) or Saved(0, {}, {"positions": {}, "seconds": summary["seconds"]})
    if changes and prepared.plan.total <= saved.step:
        raise ConfigError(
            f"{folder} has trained {saved.step} steps already; {_typed(changes)} asks for no more"
        )
    state = _restore(prepared, saved) if saved.arrays else _initial(prepared)
    with interruptible() as interruption:
        if changes:
            state = _patient_again(state)
            if saved.arrays:
                checkpoints.save(folder, saved._replace(arrays=saved.arrays | lane_arrays(state)))
            folders.save_longer(folder, config, [*overrides, _typed(changes)])
        rewind(folder, saved.meta["positions"])
        metrics = last_metrics(folder)
        summary |= {
            **provenance(command),
            "error": None,
            "metrics": metrics,
            "seconds": saved.meta["seconds"],
        }
        summary["best"] |= best_found(state.best.value, state.best.step)
        return Session(prepared, folder, summary, saved.step, began, interruption).run(state)


def _lengthen(config: DictConfig, changes: dict[str, int]) -> DictConfig:
    longer = copy.deepcopy(config)
    if changes:
        longer.steps = None
    for key, value in changes.items():
        longer[key] = value
    return longer


def _typed(changes: dict[str, int]) -> str:
    return " ".join(f"{key}={value}" for key, value in changes.items())


def _initial(prepared: Prepared) -> State:
    try:
        with out_of_memory():
            state = jax.block_until_ready(prepared.programs.start(prepared.numbers, prepared.data))
    except OutOfMemoryError as error:
        raise ConfigError(f"model: {error}") from error
    if prepared.config.init_from is None:
        return state
    model = _weights_of(Path(prepared.config.init_from), state.model)
    return state._replace(model=model, best=state.best._replace(model=jax.tree.map(jnp.copy, model)))


def _weights_of(folder: Path, model: nnx.State) -> nnx.State:
    saved = checkpoints.latest(folder)
    if saved is None:
        raise ConfigError(f"init_from={folder}: it has no checkpoint yet")
    learned, own = nnx.split_state(model, nnx.Any(nnx.Param, nnx.BatchStat), ...)
    try:
        found = checkpoints.unflatten(_one_lane(learned), saved.arrays, "state.best.model")
    except ConfigError as error:
        raise ConfigError(f"init_from={folder}: {error}") from error
    return nnx.merge_state(_as_lanes(found), own)


def _restore(prepared: Prepared, saved: Saved) -> State:
    return _as_lanes(checkpoints.unflatten(_one_lane(prepared.programs.state), saved.arrays, "state"))


def _patient_again(state: State) -> State:
    best = state.best._replace(stale=jnp.zeros_like(state.best.stale))
    return state._replace(stopped=jnp.zeros_like(state.stopped), best=best)


def _one_lane(tree: Any) -> Any:
    return jax.tree.map(lambda leaf: jax.ShapeDtypeStruct(leaf.shape[1:], leaf.dtype), tree)


def _as_lanes(tree: Any) -> Any:
    return jax.tree.map(lambda leaf: leaf[None], tree)
