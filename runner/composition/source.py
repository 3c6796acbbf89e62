"""Where a config comes from."""

import argparse
from dataclasses import dataclass
from pathlib import Path

from hydra import version
from hydra._internal.utils import create_config_search_path
from hydra.core.config_search_path import ConfigSearchPath, SearchPathQuery

from runner.errors import ConfigError
from runner.groups import CONFIGS


@dataclass(frozen=True)
class Source:
    """The user's folder of options, the primary config, and our folder or another in its place."""

    config_dir: Path | None = None
    config_name: str = "config"
    config_path: Path = CONFIGS

    @property
    def folders(self) -> list[Path]:
        """Where options are looked for, the user's folder first."""
        return [self.config_path] if self.config_dir is None else [self.config_dir, self.config_path]

    def search_path(self) -> ConfigSearchPath:
        """Hydra's search path, with every user's folder importable.

        Raises:
            ConfigError: a folder does not exist.
        """
        for flag, folder in (("--config-path", self.config_path), ("--config-dir", self.config_dir)):
            if folder is not None and not folder.is_dir():
                raise ConfigError(f"{flag} {folder}: there is no such folder")
        version.setbase("1.3")
        path = create_config_search_path(str(self.config_path.resolve()))
        if self.config_dir is not None:
            url = f"file://{self.config_dir.resolve()}"
            path.prepend(provider="command-line", path=url, anchor=SearchPathQuery(provider="schema"))
        return path


def source_of(flags: argparse.Namespace) -> Source:
    """The source that a command's flags name."""
    return Source(
        config_dir=Path(flags.config_dir) if flags.config_dir is not None else None,
        config_name=(flags.config_name or Source.config_name).removesuffix(".yaml"),
        config_path=Path(flags.config_path) if flags.config_path is not None else Source.config_path,
    )
