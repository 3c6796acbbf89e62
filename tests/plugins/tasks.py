"""Tasks for sweepers that need no training."""

import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from omegaconf import DictConfig

from runner.composition import Outcome, SweepJob
from runner.composition.sweeping import Together

Score = Callable[[dict[str, Any]], float | str | None]
"""The value of a config: nan where it diverges, a text where it fails, None where it is interrupted."""


class Scored(Together):
    """Takes many jobs at once, and remembers them."""

    def __init__(self, score: Score = lambda config: 0.0) -> None:
        self.score = score
        self.batches: list[list[SweepJob]] = []
        self.lanes: list[int] = []

    def __call__(self, config: DictConfig) -> float:
        raise AssertionError("one job at a time")

    @property
    def jobs(self) -> list[SweepJob]:
        return [job for batch in self.batches for job in batch]

    @property
    def rates(self) -> list[float]:
        return [job.resolved["optimizer"]["learning_rate"] for job in self.jobs]

    def together(self, jobs: Sequence[SweepJob], folder: Path, lanes: int) -> list[Outcome]:
        self.batches.append(list(jobs))
        self.lanes.append(lanes)
        return [_outcome(folder, self.score(job.resolved)) for job in jobs]

    def plan(self, jobs: Sequence[SweepJob], lanes: int) -> None:
        self.batches.append(list(jobs))

    def go_on(self, folder: Path, command: list[str]) -> bool:
        return True

    def maximises(self, job: SweepJob) -> bool:
        return True

    def conclude(self, folder: Path) -> int:
        return 0


def _outcome(folder: Path, score: float | str | None) -> Outcome:
    if isinstance(score, str):
        return Outcome(folder, math.nan, score)
    return Outcome(folder, math.nan if score is None else score, None, score is not None)
