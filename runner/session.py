"""One run in its folder: trains, records what happens, keeps what is needed to go on, and sums up."""

import contextlib
import math
import time
from pathlib import Path
from typing import Any

import jax
import numpy as np
from flax import nnx

from runner import checkpoints
from runner import folder as folders
from runner.checkpoints import Saved
from runner.composition import Job
from runner.errors import RunError
from runner.interruption import Interruption
from runner.memory import OutOfMemoryError, out_of_memory
from runner.preparation import Prepared, pad
from runner.records import rewind
from runner.records.background import Background
from runner.records.console import Display, ProgressLines, result_table
from runner.records.entry import Entry
from runner.records.jsonlines import JsonLines
from runner.records.tensorboard import TensorBoard
from runner.report import draw_results, introduce
from runner.training.loop import Chunk, train
from runner.training.state import State

Lanes = jax.Array | np.ndarray
EXIT_CODES = {"completed": 0, "stopped_early": 0, "diverged": 1, "interrupted": 130}


class Session:
    """The observer of the loop for a single run.

    `first` is the step it goes on from, `began` when the command did (by `time.monotonic`).
    """

    def __init__(
        self,
        prepared: Prepared,
        folder: Path,
        summary: dict[str, Any],
        first: int,
        began: float,
        interruption: Interruption,
    ) -> None:
        self.prepared = prepared
        self.folder = folder
        self.first = first
        self.step = first
        self.status = "running"
        self.summary = summary
        self.started = began - summary["seconds"]["total"]
        self.checkpointed = time.monotonic()
        self.display = Display(folder)
        self.tensorboard = TensorBoard(folder, time.time)
        self.progress = ProgressLines(self.display, prepared.plan.total, first)
        self.records = Background([JsonLines(folder), self.tensorboard, self.progress])
        self.interruption = interruption

    def run(self, state: State) -> int:
        """Trains to the end and sums up; the exit code.

        Raises RunError where the machine lets the run down (a full disk); the summary says so too.
        """
        try:
            self._write_summary()
            if self.first == 0:
                introduce(self.tensorboard, self.prepared, self.summary["choices"], self.folder)
            with out_of_memory():
                return self._finish(self.train(state))
        except OSError as error:
            reason = f"{error.filename or self.folder}: {error.strerror or error}"
            self._end_badly("failed", reason)
            raise RunError(f"{reason}; go on with: runner resume {self.folder}") from error
        except OutOfMemoryError as error:
            self._end_badly("failed", str(error))
            raise RunError(f"{self.folder}: {error}") from error
        except KeyboardInterrupt:
            self._end_badly("interrupted", None)
            raise
        except BaseException as error:
            self._end_badly("failed", f"{type(error).__name__}: {error}")
            raise

    def observe(self, chunk: Chunk) -> bool:
        """Records a chunk; whether the run has ended."""
        self.step = chunk.step
        seconds = self.summary["seconds"]
        seconds["train"] += chunk.train_seconds
        seconds["evaluate"] += chunk.evaluate_seconds
        self.progress.move(chunk.step)
        self._judge(
            int(chunk.record.diverged[0]), chunk.verdict is not None and bool(chunk.verdict.stopped[0])
        )
        if self.status != "diverged" and self.prepared.plan.records(chunk.step):
            self._record(chunk)
        return self.status != "running"

    def wants_state(self, step: int) -> bool:
        """Whether to save now: asked to end, or enough time has passed."""
        elapsed = time.monotonic() - self.checkpointed
        return self.interruption.asked or elapsed >= self.prepared.config.checkpoint.seconds

    def keep(self, step: int, state: State) -> bool:
        """Saves the state, unless it is the last; whether to end here."""
        if step == self.prepared.plan.total:
            self.status = "completed"
            return True
        self.records.flush()
        checkpoints.save(self.folder, self._saved(step, state))
        self.checkpointed = time.monotonic()
        if self.interruption.asked:
            self.status = "interrupted"
        return self.interruption.asked

    def train(self, state: State) -> State:
        """Trains until the run ends or is interrupted; the last state."""
        prepared = self.prepared
        # A run that was killed between its last step and its summary has nothing left to train.
        self._judge(int(state.diverged[0]), bool(state.stopped[0]))
        if self.first >= prepared.plan.total:
            self.status = "completed"
        if self.status != "running":
            return state
        val = pad(prepared.dataset.val, prepared.dataset)
        return train(
            prepared.programs, prepared.numbers, state, prepared.data, prepared.plan, self.first, val, self
        )

    def _judge(self, diverged: int, stopped: bool) -> None:
        if stopped:
            self.status = "stopped_early"
        if diverged >= 0:
            self.status, self.summary["error"] = "diverged", f"the loss was not finite at step {diverged}"

    def _record(self, chunk: Chunk) -> None:
        plan = self.prepared.plan
        steps = chunk.step - plan.last_record(chunk.step)
        scalars = {tag: float(total[0]) / steps for tag, total in chunk.record.scalars.items()}
        scalars["learning_rate"] = float(chunk.record.learning_rate[0])
        if chunk.verdict is not None:
            scalars |= {f"val/{name}": float(value[0]) for name, value in chunk.verdict.scalars.items()}
            self.summary["best"] |= best_found(chunk.verdict.best_value, chunk.verdict.best_step)
        self._write(scalars, chunk.step, chunk.verdict is not None)

    def _write(self, scalars: dict[str, float], step: int, evaluated: bool) -> None:
        self.summary["metrics"] |= scalars
        self.records.write(Entry(step, self.prepared.plan.epoch(step), scalars, evaluated))

    def _saved(self, step: int, state: State) -> Saved:
        arrays = lane_arrays(state) | checkpoints.flatten(self.prepared.data.preprocessing, "preprocessing")
        meta = {
            "positions": rewind.positions(self.folder),
            "spec": self.prepared.spec._asdict(),
            "seconds": self.summary["seconds"] | {"total": self._total()},
        }
        return Saved(step, arrays, meta)

    def _finish(self, state: State) -> int:
        self.records.flush()
        if self.status != "interrupted":
            checkpoints.save(self.folder, self._saved(self.step, state))
            self._test(state)
            self.tensorboard.end(self.status != "diverged")
        self.records.close()
        self._write_summary()
        self._say_result()
        self.display.close()
        return EXIT_CODES[self.status]

    def _test(self, state: State) -> None:
        if self.summary["best"]["step"] is None:
            return
        prepared, began = self.prepared, time.monotonic()
        best = state._replace(model=state.best.model)
        test = pad(prepared.dataset.test, prepared.dataset)
        found = prepared.programs.assess(prepared.numbers, best, np.int32(self.step), *test, prepared.data)
        self.summary["seconds"]["evaluate"] += time.monotonic() - began
        self._write(
            {f"test/{name}": float(value[0]) for name, value in found.verdict.scalars.items()},
            self.step,
            True,
        )
        self.records.flush()
        draw_results(self.tensorboard, prepared, np.asarray(found.outputs[0]), self.step)

    def _write_summary(self) -> None:
        self.summary |= {
            "status": self.status,
            "steps": self.step,
            "epochs": round(self.prepared.plan.epoch(self.step), 6),
        }
        self.summary["seconds"]["total"] = self._total()
        folders.write_summary(self.folder, self.summary)

    def _total(self) -> float:
        return time.monotonic() - self.started

    def _end_badly(self, status: str, error: str | None) -> None:
        self.status, self.summary["error"] = status, error
        self.progress.close()
        # The disk that failed the run may fail its summary too; the checkpoint is what counts.
        with contextlib.suppress(OSError):
            self._write_summary()

    def _say_result(self) -> None:
        say, folder = self.display.say, self.folder
        if self.status == "interrupted":
            say(f"interrupted at step {self.step}; go on with: runner resume {folder}")
            return
        if self.summary["error"]:
            say(f"{self.status}: {self.summary['error']}")
        metrics = self.summary["metrics"]
        best = self.summary["best"]
        rows = {
            "train": _of(metrics, "train"),
            "val": _of(metrics, "val"),
            f"val, best (step {best['step']})": {best["metric"].removeprefix("val/"): best["value"]},
            "test, with the best weights": _of(metrics, "test"),
        }
        say(result_table({name: row for name, row in rows.items() if any(row.values())}))
        say(f"{self.status} after {self.step} steps in {self.summary['seconds']['total']:.1f} s: {folder}")
        say(f"tensorboard --logdir {folder}")


def best_found(value: Lanes, step: Lanes) -> dict[str, float | int | None]:
    """What a summary says of the best of a single run; nulls while there is none."""
    if step[0] < 0:
        return {"value": None, "step": None}
    return {"value": float(value[0]), "step": int(step[0])}


def lane_arrays(state: State) -> checkpoints.Arrays:
    """What a checkpoint holds of the state of a single run."""
    return {name: array[0] for name, array in checkpoints.flatten(state, "state").items()}


def _of(metrics: dict[str, float], split: str) -> dict[str, float]:
    return {
        tag.removeprefix(f"{split}/"): value for tag, value in metrics.items() if tag.startswith(f"{split}/")
    }


def new_summary(prepared: Prepared, job: Job, source: dict[str, Any]) -> dict[str, Any]:
    """What `summary.json` says before the first step; `source` is the run's provenance."""
    parameters = jax.tree.leaves(nnx.filter_state(prepared.programs.state.model, nnx.Param))
    dataset, config = prepared.dataset, prepared.config
    return {
        "status": "running",
        "error": None,
        "overrides": job.overrides,
        "choices": job.choices,
        "seed": config.seed,
        "steps": 0,
        "epochs": 0.0,
        "parameters": sum(math.prod(leaf.shape[1:]) for leaf in parameters),
        "metrics": {},
        "best": {"metric": f"val/{prepared.objective}", "value": None, "step": None},
        "seconds": {"total": 0.0, "compile": prepared.compile_seconds, "train": 0.0, "evaluate": 0.0},
        "findings": [],
        "data": {
            "fingerprint": dataset.fingerprint,
            "train": len(dataset.train),
            "val": len(dataset.val),
            "test": len(dataset.test),
            "split_seed": config.dataset.split_seed,
        },
        "started": time.strftime("%Y-%m-%dT%H:%M:%S"),
        "config_name": job.config_name,
        "config_dir": job.config_dir,
        "working_dir": job.working_dir,
        **source,
    }
