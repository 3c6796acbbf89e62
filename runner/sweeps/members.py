"""The runs of a sweep, each with its folder; made before the first trains, so that none is forgotten."""

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from omegaconf import OmegaConf

from runner.composition import Job, SweepJob
from runner.configuration import identity
from runner.folder import CONFIG, SUMMARY, load_config, read_summary, save_config, write_summary
from runner.summary import queued_summary
from runner.sweeps.batches import Member
from runner.sweeps.numbering import claim, run_folders


def make_members(sweep: Path, jobs: Sequence[SweepJob], source: Mapping[str, Any]) -> list[Member]:
    """A new run in the sweep's folder for each job, with the next free numbers."""
    first = max(run_folders(sweep), default=-1) + 1
    return [_make(sweep, number, job, source) for number, job in enumerate(jobs, first)]


def read_member(folder: Path) -> Member:
    """A run that was made before.

    Raises ConfigError if its config or its summary cannot be read.
    """
    config, overrides = load_config(folder)
    summary = read_summary(folder)
    plain: Any = OmegaConf.to_container(config, resolve=False)
    resolved: Any = OmegaConf.to_container(config, resolve=True)
    job = Job(
        [],
        overrides,
        summary["choices"],
        summary["config_name"],
        summary["config_dir"],
        summary["working_dir"],
    )
    return Member(int(folder.name), folder, SweepJob(job, plain, resolved), {}, summary)


def drop_unmade(sweep: Path) -> None:
    """Removes the folders that a kill left half made; their jobs are still in the sweep's requests."""
    for folder in run_folders(sweep).values():
        if not (folder / CONFIG).exists() and {path.name for path in folder.iterdir()} <= {".hydra", SUMMARY}:
            shutil.rmtree(folder)


def _make(sweep: Path, number: int, job: SweepJob, source: Mapping[str, Any]) -> Member:
    folder = claim(sweep, number)
    summary = queued_summary(job.job, job.config["seed"], identity(job.resolved), source)
    # The config comes last: a folder that has one can be resumed.
    write_summary(folder, summary)
    save_config(folder, job.config, job.job.overrides)
    return Member(int(folder.name), folder, job, {}, summary)
