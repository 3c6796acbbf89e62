"""Composes configs with Hydra, in this process; whatever is wrong with one is a single line."""

from runner.composition.application import run_hydra
from runner.composition.change import change
from runner.composition.completion import suggest
from runner.composition.composer import Composer, compose
from runner.composition.job import Job, current_job, job_defaults, job_folder, job_overrides
from runner.composition.jobs import SweepJob
from runner.composition.source import Source
from runner.composition.sweeping import Outcome

__all__ = [
    "Composer",
    "Job",
    "Outcome",
    "Source",
    "SweepJob",
    "change",
    "compose",
    "current_job",
    "job_defaults",
    "job_folder",
    "job_overrides",
    "run_hydra",
    "suggest",
]
