"""Whole commands, timed."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from runner.data.places import cache

ROOT = Path(__file__).parents[1]

Figures = Mapping[str, float]
"""What was measured, by name: seconds, and what belongs to them as `NAME, cpu` and `NAME, memory`."""


class Grid(NamedTuple):
    """Learning rates times seeds."""

    rates: int
    seeds: int
    epochs: int

    @property
    def runs(self) -> int:
        """How many."""
        return self.rates * self.seeds

    @property
    def values(self) -> list[str]:
        """The rates, evenly spaced by their logarithm."""
        return [f"{rate:.6g}" for rate in np.geomspace(1e-4, 1e-1, self.rates)]

    @property
    def options(self) -> list[str]:
        """For the scripts of the peers."""
        return ["--rates", *self.values, "--seeds", str(self.seeds), "--epochs", str(self.epochs)]

    def overrides(self, rate: str) -> list[str]:
        """In Hydra's grammar."""
        return [f"{rate}={','.join(self.values)}", f"seed=range({self.seeds})", f"epochs={self.epochs}"]


class Timing(NamedTuple):
    """A command that has ended."""

    seconds: float
    cpu: float
    """Seconds of all its threads and processes."""
    memory: int
    """The most bytes that it, or a process it waited for, held at once."""
    marks: list[float]
    """When each of its lines that begin with `run` came."""
    last: str
    """The last line that it printed."""

    @property
    def a_run(self) -> float:
        """The seconds that a run took which was not the first."""
        return (self.marks[-1] - self.marks[0]) / (len(self.marks) - 1)

    def scaled(self, runs: int) -> "Timing":
        """What so many runs would take."""
        seconds = self.seconds + (runs - len(self.marks)) * self.a_run
        return self._replace(seconds=seconds, cpu=self.cpu * seconds / self.seconds)

    def figures(self, name: str) -> Figures:
        """What is kept of it."""
        return {name: self.seconds, f"{name}, cpu": self.cpu, f"{name}, memory": self.memory}


class Place(NamedTuple):
    """Where a sitting happens."""

    folder: Path

    def data(self, name: str, *overrides: str) -> Path:
        """The splits of a data set, for the peers; of one name the overrides must be the same."""
        path = self.folder / f"{name}.npz"
        if not path.exists():
            command = [sys.executable, "-m", "benchmarks.data", path, f"dataset={name}", *overrides]
            subprocess.run(command, check=True, cwd=ROOT)
        return path


def warm() -> Mapping[str, str]:
    """The environment in which every side finds compiled programs again, those of former sittings too."""
    names = ("JAX_COMPILATION_CACHE_DIR", "TORCHINDUCTOR_CACHE_DIR")
    return {name: str(cache("benchmarks") / name.lower()) for name in names}


def timed(place: Place, command: Sequence[str | Path], caches: Mapping[str, str] | None = None) -> Timing:
    """Runs a command on the CPU, without `caches` with an empty one for compiled programs.

    Raises SystemExit where it fails.
    """
    caches = {"XDG_CACHE_HOME": str(new_folder(place))} if caches is None else caches
    environment = os.environ | {"JAX_PLATFORMS": "cpu", "CUDA_VISIBLE_DEVICES": ""} | dict(caches)
    if command[0] != sys.executable:
        environment.pop("PYTHONPATH", None)
    began, marks, last = time.perf_counter(), [], ""
    process = subprocess.Popen(
        list(map(str, command)), cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    for line in process.stdout:
        last = line.strip()
        if line.startswith("run "):
            marks.append(time.perf_counter())
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(map(str, command))}\nexited {process.returncode}: {last}")
    unit = 1 if sys.platform == "darwin" else 1024
    return Timing(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * unit, marks, last)


def new_folder(place: Place) -> Path:
    """An empty folder."""
    return Path(tempfile.mkdtemp(dir=place.folder))
