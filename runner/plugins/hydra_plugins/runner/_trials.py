"""The trials of a search, kept in its sweep's folder so that a later invocation goes on with them."""

import math
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple, TypeAlias

import optuna
from hydra.utils import instantiate
from hydra_plugins.runner._space import Space, text
from omegaconf import OmegaConf
from optuna.distributions import CategoricalDistribution
from optuna.exceptions import ExperimentalWarning
from optuna.samplers import BaseSampler
from optuna.storages import InMemoryStorage, JournalStorage
from optuna.storages.journal import JournalFileBackend
from optuna.trial import FrozenTrial, TrialState

from runner.errors import ConfigError
from runner.records.console import new_console

JOURNAL = "study.journal"
RESULTS = "optimization_results.yaml"
NAME = "sweep"
Direction: TypeAlias = Literal["maximize", "minimize"]


class Asked(NamedTuple):
    """A trial that is to be run."""

    number: int
    overrides: list[str]


def sampler_at(node: Mapping[str, Any], number: int) -> BaseSampler:
    """The sampler that a node makes, for trials from this number on; raises as Hydra does."""
    changed = dict(node)
    if changed.get("seed") is not None:
        changed["seed"] += number
    return instantiate(changed)


class Trials:
    """The study in a sweep's folder; in memory where there is none.

    `sampler` is a node that makes one of Optuna's samplers. It is made anew for each batch, with a seed that
    follows from its own and the batch's first trial: a search that goes on asks for what one that was never
    interrupted asks for, and never again for what it has asked.
    """

    def __init__(
        self, folder: Path | None, space: Space, sampler: Mapping[str, Any], direction: Direction
    ) -> None:
        optuna.logging.set_verbosity(optuna.logging.WARNING)
        warnings.simplefilter("ignore", ExperimentalWarning)
        self._space = space
        self._sampler = sampler
        self._folder = folder
        storage = InMemoryStorage() if folder is None else _journal(folder)
        self._study = optuna.create_study(
            study_name=NAME, storage=storage, direction=direction, load_if_exists=True
        )
        self._check(direction)

    @property
    def unfinished(self) -> list[FrozenTrial]:
        """Trials that were asked for, and of which nothing was told: a kill came between."""
        return self._study.get_trials(deepcopy=False, states=[TrialState.RUNNING])

    @property
    def ended(self) -> int:
        """How many trials have been told of."""
        return len(self._study.get_trials(deepcopy=False)) - len(self.unfinished)

    def ask(self, count: int) -> list[Asked]:
        """The next trials to run, those that are unfinished first."""
        if count <= 0:
            return []
        again = [Asked(trial.number, self._overrides(trial.params)) for trial in self.unfinished[:count]]
        self._study.sampler = sampler_at(self._sampler, len(self._study.get_trials(deepcopy=False)))
        fresh = [self._study.ask(dict(self._space)) for _ in range(count - len(again))]
        return [*again, *(Asked(trial.number, self._overrides(trial.params)) for trial in fresh)]

    def tell(self, asked: Sequence[Asked], values: Sequence[float | None]) -> None:
        """Takes what became of trials: the objective's value, nan where it diverged, None where it failed.

        One that diverged is pruned to Optuna, whose samplers then keep away from it; they ignore failed ones.
        """
        for trial, value in zip(asked, values, strict=True):
            if value is None:
                self._study.tell(trial.number, state=TrialState.FAIL)
            elif math.isnan(value):
                self._study.tell(trial.number, state=TrialState.PRUNED)
            else:
                self._study.tell(trial.number, value)

    def say_best(self) -> None:
        """Says the best parameters, and writes them beside the study."""
        if not self._study.get_trials(deepcopy=False, states=[TrialState.COMPLETE]):
            return
        best, count = self._study.best_trial, len(self._study.trials)
        found = " ".join(self._overrides(best.params))
        new_console().print(f"best of {count} trials: {found} ({best.value:.6g})", soft_wrap=True)
        if self._folder is not None:
            results = {"name": "optuna", "best_params": best.params, "best_value": best.value}
            OmegaConf.save(OmegaConf.create(results), self._folder / RESULTS)

    def _overrides(self, params: Mapping[str, Any]) -> list[str]:
        return [text(key, value) for key, value in params.items()]

    def _check(self, direction: Direction) -> None:
        """Refuses a study that searched otherwise; numbers may get other bounds, options no other values."""
        if self._study.direction.name.lower() != direction:
            raise ConfigError(f"{self._folder}: its study goes the other way; choose another output_dir")
        for trial in self._study.get_trials(deepcopy=False)[-1:]:
            for key, before in trial.distributions.items():
                now = self._space.get(key)
                categorical = isinstance(now, CategoricalDistribution)
                if type(now) is not type(before) or (categorical and now != before):
                    raise ConfigError(f"{key}: the study in {self._folder} searched it otherwise")


def _journal(folder: Path) -> JournalStorage:
    folder.mkdir(parents=True, exist_ok=True)
    return JournalStorage(JournalFileBackend(str(folder / JOURNAL)))
