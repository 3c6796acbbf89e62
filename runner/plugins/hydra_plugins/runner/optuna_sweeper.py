"""The sweeper that searches with Optuna: what it asks for at once becomes lanes of compiled programs.

Importing it does not import Optuna, since every start of Hydra imports it.
"""

import importlib.util
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hydra.core.config_store import ConfigStore
from hydra.core.override_parser.types import Override
from hydra.core.plugins import Plugins
from hydra.core.utils import JobReturn, JobStatus
from hydra.plugins.sweeper import Sweeper
from hydra.types import HydraContext, TaskFunction
from omegaconf import MISSING, DictConfig

from runner.composition.grids import fixed, lines, read
from runner.composition.invocations import keep_invocation
from runner.composition.jobs import SweepJob
from runner.composition.sweeping import Application, LaunchesTogether
from runner.errors import ConfigError

SAMPLERS = {
    "tpe": {"_target_": "optuna.samplers.TPESampler", "seed": 0, "constant_liar": True},
    "random": {"_target_": "optuna.samplers.RandomSampler", "seed": 0},
    "qmc": {"_target_": "optuna.samplers.QMCSampler", "seed": 0},
}


@dataclass
class OptunaSweeperConf:
    """`hydra/sweeper=optuna`."""

    _target_: str = "hydra_plugins.runner.optuna_sweeper.OptunaSweeper"
    _recursive_: bool = False  # the sampler is made when its seed is known
    defaults: list[Any] = field(default_factory=lambda: [{"sampler": "tpe"}])
    sampler: Any = MISSING
    """A node that makes one of Optuna's samplers."""
    n_trials: int = 32
    """In the sweep's folder at the end, those of earlier invocations included."""
    n_jobs: int = 8
    """Trials that are asked for at once."""
    direction: str | None = None
    """maximize or minimize; null: as objective.mode says."""
    params: dict[str, str] = field(default_factory=dict)
    """Values and intervals by key; what the command line gives wins."""


_STORE = ConfigStore.instance()
_STORE.store("optuna", OptunaSweeperConf, group="hydra/sweeper", provider="runner")
for _name, _sampler in SAMPLERS.items():
    _STORE.store(_name, _sampler, group="hydra/sweeper/sampler", provider="runner")


class OptunaSweeper(Sweeper):
    """Searches the values and intervals that are given, for the best value of the objective."""

    def __init__(
        self,
        sampler: Mapping[str, Any],
        n_trials: int,
        n_jobs: int,
        direction: Any,
        params: Mapping[str, str] | None,
    ) -> None:
        self.sampler = sampler
        self.n_trials = n_trials
        self.n_jobs = n_jobs
        self.direction = direction
        self.params = params
        self.config: Any = None
        self.launcher: Any = None
        self.hydra_context: Any = None
        self.task: Any = None

    def setup(self, *, hydra_context: HydraContext, task_function: TaskFunction, config: DictConfig) -> None:
        """Takes what Hydra gives to every sweeper.

        Raises ConfigError where Optuna is not installed, or an option of the sweeper is wrong.
        """
        if importlib.util.find_spec("optuna") is None:
            raise ConfigError("hydra/sweeper=optuna: it needs Optuna: pip install 'runner[optuna]'")
        if not isinstance(task_function, Application) or not task_function.takes_many:
            raise ConfigError("hydra/sweeper=optuna: it searches for runner train")
        for key in ("n_trials", "n_jobs"):
            if getattr(self, key) < 1:
                raise ConfigError(f"hydra.sweeper.{key}={getattr(self, key)}: expected at least 1")
        if self.direction not in (None, "maximize", "minimize"):
            raise ConfigError(
                f"hydra.sweeper.direction={self.direction}: expected null, maximize or minimize"
            )
        self.config = config
        self.hydra_context = hydra_context
        self.task = task_function
        self.launcher = Plugins.instance().instantiate_launcher(
            hydra_context=hydra_context, task_function=task_function, config=config
        )

    def sweep(self, arguments: list[str]) -> list[Sequence[JobReturn]]:
        """Runs trials until the study has as many as asked for; those that a kill left come first.

        Raises ConfigError, with nothing written, where the config of a trial would be wrong.
        """
        from hydra_plugins.runner._trials import Trials, sampler_at

        space, given = self._space(arguments)
        first = self._first_job(space, given)
        with self.task.composer.explained(arguments):
            sampler_at(self.sampler, 0)  # what is wrong with it is known before the data is looked at
        direction = self.direction or ("maximize" if self.task.maximises(first) else "minimize")
        trials = Trials(self.task.folder, space, self.sampler, direction)
        keep_invocation(self.task.folder, self.config)
        if trials.unfinished and not self.task.go_on():
            return []
        returned: list[Sequence[JobReturn]] = []
        while batch := trials.ask(min(self.n_jobs, self.n_trials - trials.ended)):
            jobs = [[*given, *trial.overrides] for trial in batch]
            returned.append(self._launch(jobs, batch[0].number))
            if any(job.status is JobStatus.UNKNOWN for job in returned[-1]):
                return returned
            trials.tell(batch, [_value(job) for job in returned[-1]])
        trials.say_best()
        return returned

    def plan(self, arguments: list[str]) -> None:
        """Says how the first trials would run; raises as `sweep` does."""
        from hydra_plugins.runner._trials import Trials, sampler_at

        space, given = self._space(arguments)
        self._first_job(space, given)
        with self.task.composer.explained(arguments):
            sampler_at(self.sampler, 0)
        trials = Trials(None, space, self.sampler, self.direction or "maximize")
        jobs = [[*given, *trial.overrides] for trial in trials.ask(min(self.n_jobs, self.n_trials))]
        self.task.plan([self.task.jobs.compose(job) for job in jobs], self.n_jobs)

    def _space(self, arguments: list[str]) -> tuple[dict[str, Any], list[str]]:
        """What is searched, by key, and the overrides that every trial has."""
        from hydra_plugins.runner._space import distribution

        with self.task.composer.explained(arguments):
            overrides = read([*lines(self.params), *arguments], self.hydra_context.config_loader)
            by_key: dict[str, Override] = {each.get_key_element(): each for each in overrides}
            searched = [each for each in by_key.values() if each.is_sweep_override()]
            given = [fixed(each) for each in by_key.values() if not each.is_sweep_override()]
            space = {each.get_key_element(): distribution(each) for each in searched}
        if not space:
            raise ConfigError(
                "hydra/sweeper=optuna: nothing to search: give a key several values or an interval"
            )
        return space, given

    def _first_job(self, space: Mapping[str, Any], given: Sequence[str]) -> SweepJob:
        """One of the jobs that may be asked for, once the config of each kind of them has been checked."""
        from hydra_plugins.runner._space import examples

        def is_choice(text: str) -> bool:
            return bool(self.task.composer.choices([text]))

        jobs = [self.task.jobs.compose([*given, *values]) for values in examples(space, is_choice)]
        return jobs[0]

    def _launch(self, jobs: list[list[str]], number: int) -> Sequence[JobReturn]:
        if isinstance(self.launcher, LaunchesTogether):
            return self.launcher.launch_composed([self.task.jobs.compose(job) for job in jobs], self.n_jobs)
        return self.launcher.launch(jobs, initial_job_idx=number)


def _value(job: JobReturn) -> float | None:
    """The value of a trial's objective, nan where it diverged; None where it failed."""
    return job.return_value if job.status is JobStatus.COMPLETED else None
