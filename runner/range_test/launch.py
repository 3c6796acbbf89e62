"""Starts a range test, in a folder of its own."""

import contextlib
import time
from pathlib import Path
from typing import Any

from omegaconf import DictConfig, OmegaConf
from rich.console import Console

from runner import folder as folders
from runner.backend import configure, use_every_core
from runner.composition import Job
from runner.errors import RunError
from runner.folder import RANGE_TEST
from runner.interruption import Interruption, interruptible
from runner.memory import OutOfMemoryError
from runner.preparation import gather
from runner.provenance import provenance
from runner.range_test.course import Watch
from runner.range_test.records import say, write
from runner.range_test.result import as_json
from runner.range_test.testing import RangeTest, prepare_test, run_test
from runner.records.console import ProgressLines, new_console

Summary = dict[str, Any]
ROOT = Path("outputs/find-lr")
EXIT_CODES = {"completed": 0, "failed": 1, "interrupted": 130}


def start(config: DictConfig, job: Job, place: Path | None = None) -> dict[str, Any]:
    """Makes a range test, in the folder `place` that is made for it or where the config says; its summary.

    Raises ConfigError, with nothing written, where config, data or folder are wrong; RunError where the
    machine is at fault.
    """
    began = time.monotonic()
    asked = None if config.output_dir is None else Path(config.output_dir)
    if place is None and asked is not None:
        folders.refuse_occupied(asked)
    use_every_core()
    configure(config)
    test = prepare_test(gather(config))
    with interruptible() as interruption:
        folder = folders.create(asked, ROOT) if place is None else place
        summary = _begin(test, folder, job)
        console = new_console()
        for note in test.material.dataset.notes:
            console.print(note, markup=False)
        stages = Stages(console, interruption)
        try:
            return _run(test, folder, summary, stages, began)
        except OutOfMemoryError as error:
            _end(folder, summary, "failed", str(error), began)
            raise RunError(f"{folder}: {error}; sweep.lanes=1 trains at one rate at a time") from error
        except OSError as error:
            raise RunError(f"{error.filename or folder}: {error.strerror or error}") from error
        except BaseException as error:
            _end(folder, summary, "failed", f"{type(error).__name__}: {error}", began)
            raise
        finally:
            stages.close()


class Stages:
    """Shows each part of a range test as it comes."""

    def __init__(self, console: Console, interruption: Interruption) -> None:
        self.console = console
        self._interruption = interruption
        self._progress: ProgressLines | None = None

    def __call__(self, name: str, steps: int) -> Watch:
        """The part of that name begins."""
        self.close()
        self.console.print(name, markup=False)
        self._progress = ProgressLines(self.console, steps, 0)
        return Watch(self._interruption, self._progress.move)

    def close(self) -> None:
        """The last part has ended."""
        if self._progress is not None:
            self._progress.close()


def _run(test: RangeTest, folder: Path, summary: Summary, stages: Stages, began: float) -> Summary:
    try:
        result = run_test(test, stages)
    except KeyboardInterrupt:
        stages.console.print(f"interrupted: begin again, in another folder than {folder}", markup=False)
        return _end(folder, summary, "interrupted", None, began)
    stages.close()
    error = None if result.choice is not None else "no rate learned"
    write(folder, result, test.material.plan)
    say(stages.console, folder, result)
    return _end(folder, summary | as_json(result), "failed" if error else "completed", error, began)


def _begin(test: RangeTest, folder: Path, job: Job) -> Summary:
    config, dataset = test.material.config, test.material.dataset
    plain: Any = OmegaConf.to_container(config, resolve=False)
    folders.save_config(folder, plain, job.overrides)
    summary = {
        "status": "running",
        "error": None,
        "overrides": job.overrides,
        "choices": job.choices,
        "seed": config.seed,
        "started": time.strftime("%Y-%m-%dT%H:%M:%S"),
        "seconds": {"total": 0.0, "compile": test.compile_seconds},
        "data": {"fingerprint": dataset.fingerprint, "train": len(dataset.train), "val": len(dataset.val)},
        **provenance(job.command),
    }
    folders.write_summary(folder, summary, RANGE_TEST)
    return summary


def _end(folder: Path, summary: Summary, status: str, error: str | None, began: float) -> Summary:
    seconds = summary["seconds"] | {"total": time.monotonic() - began}
    ended = summary | {"status": status, "error": error, "seconds": seconds}
    with contextlib.suppress(OSError):  # of a disk that is full already
        folders.write_summary(folder, ended, RANGE_TEST)
    return ended
