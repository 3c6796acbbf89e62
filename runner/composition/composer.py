"""A config from its overrides."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path

from hydra.core.utils import setup_globals
from hydra.types import RunMode
from omegaconf import DictConfig, open_dict

from runner.composition.additions import check_additions, check_lengths, check_lists
from runner.composition.explanation import FAILURES, Context, explained
from runner.composition.loader import Loader
from runner.composition.overrides import is_choice
from runner.composition.source import Source
from runner.importing import make_importable


class Composer:
    """Composes configs from one source."""

    def __init__(self, source: Source, loader: Loader | None = None) -> None:
        setup_globals()
        make_importable([Path.cwd(), *([source.config_dir] if source.config_dir else [])])
        self.source = source
        self.loader = loader or Loader(source.search_path())

    def load(self, overrides: Sequence[str], mode: RunMode = RunMode.RUN) -> DictConfig:
        """The config with its `hydra` section.

        Raises:
            ConfigError: an override, an option or a file is wrong.
        """
        with self.explained(overrides):
            config = self._load(overrides, mode)
        self.check(overrides)
        return config

    def check(self, overrides: Sequence[str]) -> None:
        """Refuses overrides that compose and mean nothing.

        Raises:
            ConfigError: several options of a group that takes one, two lengths, or an added key that nothing
                reads.
        """
        with self.explained(overrides):
            check_lengths(overrides)
            check_lists(self.choices(overrides), self.source.folders)
            values = [text for text in overrides if text.startswith("+") and not is_choice(self.loader, text)]
            if values:
                check_additions(values, self._load(self.choices(overrides)))

    def compose(self, overrides: Sequence[str]) -> DictConfig:
        """The config as a task receives it; raises as `load` does."""
        return without_hydra(self.load(overrides))

    def choices(self, overrides: Sequence[str]) -> list[str]:
        """Those overrides that choose options, or configure Hydra; the others set values."""
        return [text for text in overrides if is_choice(self.loader, text)]

    def defaults(self, overrides: Sequence[str]) -> DictConfig:
        """The config as the chosen options alone make it: what the other overrides are checked against."""
        return without_hydra(self._load(self.choices(overrides)))

    def explained(self, overrides: Sequence[str]) -> AbstractContextManager[None]:
        """Makes a ConfigError of what Hydra raises inside."""
        return explained(self.context(overrides))

    def context(self, overrides: Sequence[str]) -> Context:
        """What a misspelt name among the overrides may have meant."""
        known = partial(self._known, overrides)
        return Context(self.source.config_name, self.source.folders, self.choices(overrides), known)

    def _known(self, overrides: Sequence[str]) -> DictConfig:
        try:
            return self._load(self.choices(overrides))
        except FAILURES:  # another override is wrong too
            return self._load([])

    def _load(self, overrides: Sequence[str], mode: RunMode = RunMode.RUN) -> DictConfig:
        return self.loader.load_configuration(self.source.config_name, list(overrides), mode)


def without_hydra(config: DictConfig) -> DictConfig:
    """The config as a task receives it."""
    with open_dict(config):
        del config["hydra"]
    return config


def compose(overrides: Sequence[str], config_dir: Path | None = None) -> DictConfig:
    """The config that `runner train OVERRIDES --config-dir CONFIG_DIR` would run.

    Raises:
        ConfigError: an override, an option or a file is wrong.
    """
    return Composer(Source(config_dir)).compose(overrides)
