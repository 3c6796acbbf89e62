"""Starts a single run, or goes on with one."""

import copy
import time
from functools import partial
from pathlib import Path
from typing import Any

from omegaconf import DictConfig, OmegaConf
from rich.console import Console

from runner import checkpoints
from runner import folder as folders
from runner.backend import configure
from runner.checkpoints import Saved
from runner.composition import Job
from runner.configuration import identity
from runner.data.dataset import DataError
from runner.endings import ending_badly
from runner.errors import ConfigError, RunError
from runner.importing import make_importable
from runner.interruption import Interruption, interruptible
from runner.logbook import Logbook, best_found, reopen
from runner.memory import OutOfMemoryError
from runner.preparation import Prepared, gather, prepare, prepare_material
from runner.provenance import import_paths, provenance
from runner.records import rewind
from runner.records.console import ProgressLines, new_console
from runner.records.renewal import renew
from runner.records.tensorboard import TensorBoard
from runner.report import draw_training_images, introduce
from runner.session import Session
from runner.states import as_lane, initial_state, patient_again, restored_state
from runner.summary import new_summary, queued_summary
from runner.training.state import State
from runner.transfer import refuse_misfits

FINISHED = ("completed", "stopped_early")
EXIT_CODES = {"completed": 0, "stopped_early": 0, "diverged": 1, "interrupted": 130}


def start(config: DictConfig, job: Job, place: Path | None = None) -> dict[str, Any]:
    """Trains a new run, in the folder `place` that is made for it or else where the config says; its summary.

    Raises ConfigError, with nothing written, where config, data or folder are wrong.
    """
    began = time.monotonic()
    asked = None if config.output_dir is None else Path(config.output_dir)
    if place is None and asked is not None:
        folders.refuse_occupied(asked)
    configure(config)
    material = gather(config)
    refuse_misfits(material)
    prepared = prepare_material(material)
    state = _initial(prepared)
    queued = queued_summary(job, config.seed, identity(_resolved(config)), provenance(job.command))
    summary = new_summary(prepared, queued)
    with interruptible() as interruption:
        folder = folders.create(asked) if place is None else place
        with folders.held(folder):
            # The config comes last: a folder that has one can be resumed.
            folders.write_summary(folder, summary)
            folders.save_config(folder, _plain(config), job.overrides)
            book = Logbook(folder, summary, prepared.material.plan)
            return _train(prepared, book, state, 0, began, interruption)


def resume(folder: Path, changes: dict[str, int], command: list[str]) -> int:
    """Goes on with a run from its last checkpoint; `changes` (epochs or steps) may lengthen it.

    The exit code; a run that has ended is left as it is. Raises ConfigError where there is no run, where it
    cannot go on, or where another process is training it.
    """
    began = time.monotonic()
    config, overrides = folders.load_config(folder)
    with folders.held(folder):
        summary = folders.read_summary(folder)
        if "ensemble" in summary:
            raise ConfigError(f"{folder}: an ensemble is made, not trained; resume its members instead")
        if summary["status"] in FINISHED and not changes:
            print(
                f"{folder}: {summary['status']} after {summary['steps']} steps; "
                f"to train longer: runner resume {folder} epochs=N"
            )
            return 0
        if summary["status"] == "diverged":
            raise ConfigError(f"{folder}: {summary['error']}; start anew, with a lower learning rate")
        make_importable([Path.cwd(), *import_paths(summary)])
        longer, overrides = _lengthen(config, changes), _lengthened(overrides, config, changes)
        ended = _go_on(folder, longer, overrides, summary, changes, command, began)
        return EXIT_CODES[ended["status"]]


def _go_on(
    folder: Path,
    config: DictConfig,
    overrides: list[str],
    summary: dict[str, Any],
    changes: dict[str, int],
    command: list[str],
    began: float,
) -> dict[str, Any]:
    configure(config)
    prepared = prepare(config)
    plan = prepared.material.plan
    saved = checkpoints.latest(folder) or Saved(0, {}, {"positions": {}, "seconds": summary["seconds"]})
    if changes and plan.total <= saved.step:
        raise ConfigError(
            f"{folder} has trained {saved.step} steps already; {_typed(changes)} asks for no more"
        )
    state = restored_state(prepared, as_lane(saved.arrays)) if saved.arrays else _initial(prepared)
    with interruptible() as interruption:
        if changes:
            state = patient_again(state)
            folders.save_longer(folder, _plain(config), overrides)
        # Also where a kill came between the config and the summary.
        if summary["overrides"] != overrides and saved.arrays:
            saved = _told_again(prepared, folder, summary["choices"], saved, state)
            checkpoints.save(folder, saved)
        best = best_found(state.best.value[0], state.best.step[0])
        asked = {"overrides": overrides, "identity": identity(_resolved(config))}
        summary |= {**provenance(command), **asked}
        book = reopen(folder, summary, saved.meta, best, plan)
        return _train(prepared, book, state, saved.step, began, interruption)


def _train(
    prepared: Prepared, book: Logbook, state: State, first: int, began: float, interruption: Interruption
) -> dict[str, Any]:
    """Trains to the end and sums up.

    Raises RunError where the disk, the memory or a streamed example is at fault; else as `ending_badly` does.
    """
    plan, console = prepared.material.plan, new_console()

    def store(step: int, state: State) -> None:
        checkpoints.save(book.folder, session.snapshot(step, state).of_lane(0))

    progress = ProgressLines(console, plan.total, first)
    session = Session(prepared, [book], first, began, store, progress, interruption, portrayed=True)
    try:
        with ending_badly(session, book.folder):
            book.save(first)
            if first == 0:
                _introduce(prepared, book, console)
            state = session.train(state, plan.total)
            for _, unfinished in session.running:
                unfinished.end("interrupted")
                unfinished.save(session.step)
            session.conclude(state)
            session.close()
    except OutOfMemoryError as error:
        session.fail("failed", str(error))
        raise RunError(f"{book.folder}: {error}") from error
    except DataError as error:
        raise RunError(f"{error}; put it right and go on with: runner resume {book.folder}") from error
    _say_result(console, book)
    return book.summary


def _initial(prepared: Prepared) -> State:
    try:
        return initial_state(prepared)
    except OutOfMemoryError as error:
        raise ConfigError(f"model: {error}") from error


def _introduce(prepared: Prepared, book: Logbook, console: Console) -> None:
    for note in prepared.material.dataset.notes:
        console.print(note, markup=False)
        book.log.say(note)
    _tell(prepared.material.config, book.folder, book.summary["choices"], book.tensorboard)
    draw_training_images(book.tensorboard, prepared, 0)


def _tell(config: DictConfig, folder: Path, choices: dict[str, str], tensorboard: TensorBoard) -> None:
    name = "/".join(folder.absolute().parts[-2:])
    introduce(tensorboard, _plain(config), _resolved(config), choices, name)


def _told_again(
    prepared: Prepared, folder: Path, choices: dict[str, str], saved: Saved, state: State
) -> Saved:
    """The checkpoint of a run that trains longer, its config told to TensorBoard again."""
    rewind.rewind(folder, saved.meta["positions"])
    positions = renew(folder, partial(_tell, prepared.material.config, folder, choices))
    arrays = {name: array[0] for name, array in checkpoints.flatten(state, "state").items()}
    return Saved(saved.step, saved.arrays | arrays, saved.meta | {"positions": positions})


def _say_result(console: Console, book: Logbook) -> None:
    if book.status == "interrupted":
        said = f"interrupted at step {book.summary['steps']}; go on with: runner resume {book.folder}"
        console.print(said)
        book.log.say(said)
        book.log.flush()
        return
    for part in book.result(book.summary["steps"]):
        console.print(part)
    console.print(f"tensorboard --logdir {book.folder}")


def _resolved(config: DictConfig) -> dict[str, Any]:
    resolved: Any = OmegaConf.to_container(config, resolve=True)
    return resolved


def _plain(config: DictConfig) -> dict[str, Any]:
    plain: Any = OmegaConf.to_container(config, resolve=False)
    return plain


def _lengthen(config: DictConfig, changes: dict[str, int]) -> DictConfig:
    longer = copy.deepcopy(config)
    if changes:
        longer.steps = None
    for key, value in changes.items():
        longer[key] = value
    return longer


def _lengthened(overrides: list[str], config: DictConfig, changes: dict[str, int]) -> list[str]:
    """What would have been typed for the longer run."""
    if not changes:
        return overrides
    others = [text for text in overrides if text.lstrip("+").partition("=")[0] not in ("epochs", "steps")]
    no_steps = ["steps=null"] if config.steps is not None and "steps" not in changes else []
    return [*others, *no_steps, *_typed(changes).split()]


def _typed(changes: dict[str, int]) -> str:
    return " ".join(f"{key}={value}" for key, value in changes.items())
