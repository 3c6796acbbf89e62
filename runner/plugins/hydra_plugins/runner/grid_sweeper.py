"""The sweeper of grids, and of unions of grids; every job is composed once."""

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hydra.core.config_store import ConfigStore
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import Override
from hydra.core.plugins import Plugins
from hydra.core.utils import JobReturn
from hydra.plugins.sweeper import Sweeper
from hydra.types import HydraContext, TaskFunction
from omegaconf import DictConfig

from runner.composition.invocations import keep_invocation
from runner.composition.sweeping import Application, LaunchesTogether
from runner.errors import ConfigError


@dataclass
class GridSweeperConf:
    """`hydra/sweeper=grid`."""

    _target_: str = "hydra_plugins.runner.grid_sweeper.GridSweeper"


ConfigStore.instance().store("grid", GridSweeperConf, group="hydra/sweeper", provider="runner")


class GridSweeper(Sweeper):
    """Runs every combination of the values that are given; with `sweep.grids`, of each grid in turn."""

    def __init__(self) -> None:
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
            return self._launch_one_by_one(expand(self._parse(arguments), []))
        with self.task.composer.explained(arguments):
            overrides = self._parse(arguments)
            jobs = expand(overrides, self._grids(overrides))
        composed = self.task.jobs.compose_all(jobs) if self.task.takes_many else []
        if composed and isinstance(self.launcher, LaunchesTogether):
            if not self.task.dry_run:
                keep_invocation(self.task.folder, self.config)
            return [self.launcher.launch_composed(composed)]
        if self.task.dry_run:
            raise ConfigError("--dry-run goes with hydra/launcher=lanes, which plans before it trains")
        return self._launch_one_by_one(jobs)

    def _launch_one_by_one(self, jobs: list[list[str]]) -> list[Sequence[JobReturn]]:
        self.validate_batch_is_legal(jobs[:1])
        keep_invocation(Path(str(self.config.hydra.sweep.dir)), self.config)
        return [self.launcher.launch(jobs, initial_job_idx=0)]

    def _parse(self, texts: Sequence[str]) -> list[Override]:
        parser = OverridesParser.create(config_loader=self.hydra_context.config_loader)
        return parser.parse_overrides(list(texts))

    def _grids(self, overrides: Sequence[Override]) -> list[list[Override]]:
        fixed = [str(override.input_line) for override in overrides if not override.is_sweep_override()]
        config = self.task.composer.load(fixed)
        grids: Iterable[Any] = (config.get("sweep") or {}).get("grids") or []
        return [self._parse([f"{key}={value}" for key, value in _items(grid)]) for grid in grids]


def expand(overrides: Sequence[Override], grids: Sequence[Sequence[Override]]) -> list[list[str]]:
    """The overrides of each job: every combination of values, for each grid; what is given beside wins."""
    given = {override.get_key_element(): _values(override) for override in overrides}
    spaces = [{override.get_key_element(): _values(override) for override in grid} | given for grid in grids]
    jobs = [list(job) for space in spaces or [given] for job in itertools.product(*space.values())]
    return [list(job) for job in dict.fromkeys(map(tuple, jobs))]


def _items(grid: Any) -> Iterable[tuple[str, Any]]:
    if not isinstance(grid, Mapping):
        raise ConfigError(
            f"sweep.grids: expected a list of grids, each a mapping of keys to values; got {grid}"
        )
    return ((str(key), value) for key, value in grid.items())


def _values(override: Override) -> list[str]:
    key = override.get_key_element()
    if not override.is_sweep_override():
        return [f"{key}={override.get_value_element_as_str()}"]
    if not override.is_discrete_sweep():
        hint = "hydra/sweeper=optuna searches intervals"
        raise ConfigError(f"{override.input_line}: a grid needs values that can be counted; {hint}")
    return [f"{key}={value}" for value in override.sweep_string_iterator()]
