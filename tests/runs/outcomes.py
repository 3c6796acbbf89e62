"""Runs to compare, and runs whose process was killed."""

import json
import signal
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from tensorboard.backend.event_processing.event_file_loader import EventFileLoader

from runner import checkpoints
from runner.cli import main
from tests.runs.processes import start_process

OPTIONS = [
    "epochs=6",
    "model.hidden=[16]",
    "normalization=batch",
    "regularizer=dropout",
    "schedule=cosine",
    "augmentation=translate",
    "batch_size=32",
    "diagnostics=basic",
    "diagnostics.every=13",
]
"""A run that uses every random stream, and looks at several steps between two evaluations."""


@dataclass(frozen=True)
class Outcome:
    """What two runs that are the same have in common."""

    status: str
    metrics: str
    weights: checkpoints.Arrays
    scalars: list[tuple[str, int, float]]

    def assert_equal(self, other: "Outcome") -> None:
        assert self.status == other.status
        assert self.metrics == other.metrics
        assert self.weights.keys() == other.weights.keys()
        for name, array in self.weights.items():
            np.testing.assert_array_equal(array, other.weights[name], err_msg=name)
        assert self.scalars == other.scalars


def outcome(folder: Path) -> Outcome:
    """The outcome of a run that has ended; asserts that TensorBoard shows no step twice."""
    saved = checkpoints.latest(folder)
    assert saved is not None
    scalars = sorted(written(folder))
    assert scalars
    twice = [where for where, times in Counter((tag, step) for tag, step, _ in scalars).items() if times > 1]
    assert twice == []
    metrics = (folder / "metrics.jsonl").read_text()
    return Outcome(summary_of(folder)["status"], metrics, saved.arrays, scalars)


def written(folder: Path) -> Iterator[tuple[str, int, float]]:
    """Every scalar in every event file of a folder, as TensorBoard's own reader finds it."""
    for file in folder.glob("events.out.tfevents.*"):
        for event in EventFileLoader(str(file)).Load():
            for value in event.summary.value:
                if value.metadata.plugin_data.plugin_name == "scalars":
                    yield value.tag, event.step, value.tensor.float_val[0]


def summary_of(folder: Path) -> dict:
    return json.loads((folder / "summary.json").read_text())


def run_in(folder: Path, options: list[str], code: int = 0) -> Path:
    """A run made in this process."""
    assert main(["train", *options, f"output_dir={folder}"]) == code
    return folder


def killed(arguments: list[str], place: Path, code: str) -> None:
    """Runs until `code` makes the process kill itself."""
    process = start_process(arguments, place, code)
    _, errors = process.communicate(timeout=120)
    assert process.returncode == -signal.SIGKILL, errors
