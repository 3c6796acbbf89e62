"""The sweeper of grids, and of unions of grids; every job is composed once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hydra.core.config_store import ConfigStore
from hydra.core.override_parser.types import Override
from hydra.core.plugins import Plugins
from hydra.core.utils import JobReturn
from hydra.plugins.sweeper import Sweeper
from hydra.types import HydraContext, TaskFunction
from omegaconf import DictConfig

from runner.composition.grids import expand, lines, read
from runner.composition.invocations import keep_invocation
from runner.composition.sweeping import Application, LaunchesTogether
from runner.errors import ConfigError


@dataclass
class GridSweeperConf:
    """`hydra/sweeper=grid`."""

    _target_: str = "hydra_plugins.runner.grid_sweeper.GridSweeper"
    params: dict[str, str] = field(default_factory=dict)
    """Values by key, for a config of a user's own; what the command line gives wins."""


ConfigStore.instance().store("grid", GridSweeperConf, group="hydra/sweeper", provider="runner")


class GridSweeper(Sweeper):
    """Runs every combination of the values that are given; with `sweep.grids`, of each grid in turn."""

    def __init__(self, params: Mapping[str, str] | None = None) -> None:
        self.params = params
        self.config: Any = None
        self.launcher: Any = None
        self.hydra_context: Any = None
        self.task: Any = None

    def setup(self, *, hydra_context: HydraContext, task_function: TaskFunction, config: DictConfig) -> None:
        """Takes what Hydra gives to every sweeper."""
        self.config = config
        self.hydra_context = hydra_context
        self.task = task_function
        self.launcher = Plugins.instance().instantiate_launcher(
            hydra_context=hydra_context, task_function=task_function, config=config
        )

    def sweep(self, arguments: list[str]) -> list[Sequence[JobReturn]]:
        """Runs the jobs that these overrides ask for.

        Raises ConfigError, with nothing written, where the config of any of them is wrong.
        """
        if not isinstance(self.task, Application):
            return self._launch_one_by_one(expand(self._read(arguments), []))
        jobs = self._jobs(arguments)
        composed = self.task.jobs.compose_all(jobs) if self.task.takes_many else []
        if composed and isinstance(self.launcher, LaunchesTogether):
            keep_invocation(self.task.folder, self.config)
            return [self.launcher.launch_composed(composed)]
        return self._launch_one_by_one(jobs)

    def plan(self, arguments: list[str]) -> None:
        """Says how the jobs that these overrides ask for would run; raises as `sweep` does."""
        self.task.plan(self.task.jobs.compose_all(self._jobs(arguments)))

    def _jobs(self, arguments: list[str]) -> list[list[str]]:
        with self.task.composer.explained(arguments):
            overrides = self._read(arguments)
            return expand(overrides, self._grids(overrides))

    def _launch_one_by_one(self, jobs: list[list[str]]) -> list[Sequence[JobReturn]]:
        self.validate_batch_is_legal(jobs[:1])
        keep_invocation(Path(str(self.config.hydra.sweep.dir)), self.config)
        return [self.launcher.launch(jobs, initial_job_idx=0)]

    def _read(self, arguments: Sequence[str]) -> list[Override]:
        return read([*lines(self.params), *arguments], self.hydra_context.config_loader)

    def _grids(self, overrides: Sequence[Override]) -> list[list[Override]]:
        config = self.config
        if self.params:  # the config has what is typed in it, and not what it says of its own sweeper
            fixed = [str(override.input_line) for override in overrides if not override.is_sweep_override()]
            config = self.task.composer.load(fixed)
        grids: Iterable[Any] = (config.get("sweep") or {}).get("grids") or []
        return [read(lines(_checked(grid)), self.hydra_context.config_loader) for grid in grids]


def _checked(grid: Any) -> Mapping[str, Any]:
    if not isinstance(grid, Mapping):
        expected = "a list of grids, each a mapping of keys to values"
        raise ConfigError(f"sweep.grids: expected {expected}; got {grid}")
    return grid
