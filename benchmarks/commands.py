"""Whole commands, timed."""

import os
import resource
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

ROOT = Path(__file__).parents[1]


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


class Place(NamedTuple):
    """Where a sitting happens."""

    folder: Path
    data: Path
    peer: Path


def timed(place: Place, command: Sequence[str | Path]) -> Timing:
    """Runs a command with an empty cache for compiled programs; raises where it fails."""
    environment = os.environ | {"XDG_CACHE_HOME": str(new_folder(place))}
    if command[0] == place.peer:
        environment.pop("PYTHONPATH", None)
    began, marks, last, cpu = time.perf_counter(), [], "", children_cpu()
    process = subprocess.Popen(
        list(map(str, command)), cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    for line in process.stdout:
        last = line.strip()
        if line.startswith("run "):
            marks.append(time.perf_counter())
    if process.wait():
        raise SystemExit(f"{' '.join(map(str, command))}\nexited {process.returncode}: {last}")
    return Timing(time.perf_counter() - began, children_cpu() - cpu, marks, last)


def children_cpu() -> float:
    """The CPU time of the commands that have ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def new_folder(place: Place) -> Path:
    """An empty folder."""
    return Path(tempfile.mkdtemp(dir=place.folder))
