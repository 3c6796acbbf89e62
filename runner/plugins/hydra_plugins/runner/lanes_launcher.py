"""The launcher that hands all jobs to the task at once: they become lanes of compiled programs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from hydra._internal.core_plugins.basic_launcher import BasicLauncher
from hydra.core.config_store import ConfigStore
from hydra.core.utils import JobReturn, JobStatus

from runner.composition.jobs import SweepJob
from runner.composition.sweeping import Application, Outcome
from runner.errors import RunError


@dataclass
class LanesLauncherConf:
    """`hydra/launcher=lanes`."""

    _target_: str = "hydra_plugins.runner.lanes_launcher.LanesLauncher"


ConfigStore.instance().store("lanes", LanesLauncherConf, group="hydra/launcher", provider="runner")


class LanesLauncher(BasicLauncher):
    """Runs a task that takes many jobs on all of them; any other task on one after another, as Hydra does."""

    def launch(self, job_overrides: Sequence[Sequence[str]], initial_job_idx: int) -> Sequence[JobReturn]:
        """Runs the jobs with these overrides; raises ConfigError, before any runs, where one is wrong."""
        task: Any = self.task_function
        if not (isinstance(task, Application) and task.takes_many):
            return super().launch(job_overrides, initial_job_idx)
        return self.launch_composed(task.jobs.compose_all(job_overrides))

    def launch_composed(self, jobs: Sequence[SweepJob], lanes: int = 1) -> Sequence[JobReturn]:
        """Runs jobs whose configs have been composed, in programs of at least `lanes` lanes."""
        task: Any = self.task_function
        return [_returned(job, outcome) for job, outcome in zip(jobs, task.launch(jobs, lanes), strict=True)]


def _returned(job: SweepJob, outcome: Outcome) -> JobReturn:
    returned = JobReturn(
        overrides=job.job.overrides,
        working_dir=str(outcome.folder),
        task_name="train",
        status=_status(outcome),
    )
    failed = outcome.error is not None
    returned.return_value = RunError(f"{outcome.folder}: {outcome.error}") if failed else outcome.value
    return returned


def _status(outcome: Outcome) -> JobStatus:
    if outcome.error is not None:
        return JobStatus.FAILED
    return JobStatus.COMPLETED if outcome.ended else JobStatus.UNKNOWN
