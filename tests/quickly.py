"""What costs every test, made cheaper without a test that could tell."""

import pickle
from pathlib import Path
from typing import Any

import pytest
import yaml
from hydra import version
from hydra._internal.config_loader_impl import ConfigLoaderImpl

from runner import groups


def compile_quickly() -> None:
    """The programs that a run compiles with little optimization are compiled with none, in this process."""
    from runner.training import compilation

    compilation.NOW_AND_THEN["xla_backend_optimization_level"] = 0


def read_quickly(patch: pytest.MonkeyPatch) -> None:
    """YAML is read by its C library, where it is there, as OmegaConf does not by itself."""
    patch.setattr(yaml, "SafeLoader", getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def compose_once(patch: pytest.MonkeyPatch) -> None:
    """What Hydra composes of our files alone, it composes once for the same overrides.

    A command composes its config and, to check it, the one of its options alone, which most tests share.
    """
    composed: dict[str, bytes] = {}
    load = ConfigLoaderImpl.load_configuration

    def remembered(self: ConfigLoaderImpl, *given: Any, **named: Any) -> Any:
        if not _ours_alone(self):
            return load(self, *given, **named)
        key = repr((given, sorted(named.items()), version.getbase()))
        if key not in composed:
            composed[key] = pickle.dumps(load(self, *given, **named))
        config = pickle.loads(composed[key])
        config.hydra.runtime.cwd = str(Path.cwd())
        return config

    patch.setattr(ConfigLoaderImpl, "load_configuration", remembered)


def _ours_alone(loader: ConfigLoaderImpl) -> bool:
    ours = str(groups.CONFIGS.resolve())
    found = {element.path for element in loader.get_search_path().get_path() if element.path is not None}
    return {ours} <= found <= {ours, "pkg://hydra.conf", "structured://"}
