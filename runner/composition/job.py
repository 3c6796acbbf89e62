"""What Hydra knows about the job that it is running."""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from hydra._internal.config_loader_impl import ConfigLoaderImpl
from hydra.core.global_hydra import GlobalHydra
from hydra.core.hydra_config import HydraConfig
from hydra.types import RunMode
from omegaconf import DictConfig

from runner.composition.composer import without_hydra
from runner.composition.overrides import is_choice, texts


@dataclass(frozen=True)
class Job:
    """What was asked for, beside the config it makes: kept with a run, so that it can be composed again."""

    command: list[str]
    overrides: list[str]
    choices: dict[str, str]
    """The option chosen of each group."""
    config_name: str
    config_dir: str | None
    """The user's own config folder."""
    working_dir: str

    @property
    def import_paths(self) -> list[Path]:
        """Where modules of the user's own were found."""
        return [Path(path) for path in (self.working_dir, self.config_dir) if path is not None]


def current_job() -> Job:
    """The running job."""
    hydra = HydraConfig.get()
    own = [source.path for source in hydra.runtime.config_sources if source.provider == "command-line"]
    return Job(
        command=[*sys.argv[0].split(), *sys.argv[1:]],
        overrides=job_overrides(),
        choices=choices_of(hydra),
        config_name=str(hydra.job.config_name),
        config_dir=own[0] if own else None,
        working_dir=str(Path.cwd()),
    )


def choices_of(hydra: Any) -> dict[str, str]:
    """The option chosen of each group, from the `hydra` section of a config."""
    return {group: str(option) for group, option in hydra.runtime.choices.items() if "/" not in group}


def job_folder() -> Path | None:
    """The folder that a sweep gives the running job; None for a single run."""
    hydra = HydraConfig.get()
    return Path(hydra.runtime.output_dir) if hydra.mode == RunMode.MULTIRUN else None


def job_overrides() -> list[str]:
    """The overrides of the running job, as they were typed."""
    return texts(HydraConfig.get().overrides.task)


def job_defaults() -> DictConfig | None:
    """The config as the job's chosen options alone make it; None where nothing else was set."""
    loader = cast(ConfigLoaderImpl, GlobalHydra.instance().config_loader())
    overrides = job_overrides()
    choices = [text for text in overrides if is_choice(loader, text)]
    if choices == overrides:
        return None
    hydra = texts(HydraConfig.get().overrides.hydra)
    config = loader.load_configuration(HydraConfig.get().job.config_name, choices + hydra, RunMode.RUN)
    return without_hydra(config)
