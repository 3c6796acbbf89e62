"""What costs every test, made cheaper without a test that could tell."""

import functools
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hydra import version
from hydra._internal import defaults_list
from hydra._internal.config_loader_impl import ConfigLoaderImpl
from hydra._internal.config_repository import ConfigRepository
from omegaconf import _utils, base, grammar_parser
from omegaconf.resolvers import oc

from runner import groups


def compile_quickly() -> None:
    """The programs that a run compiles with little optimization are compiled with none, in this process."""
    from runner.training import compilation

    compilation.NOW_AND_THEN["xla_backend_optimization_level"] = 0


def read_quickly(patch: pytest.MonkeyPatch) -> None:
    """YAML is read by its C library, where it is there, as OmegaConf does not by itself."""
    patch.setattr(yaml, "SafeLoader", getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def compose_once(patch: pytest.MonkeyPatch) -> None:
    """What Hydra makes of our files alone, it makes once.

    A command composes its config and, to check it, the one of its options alone, which most tests share. And
    where the options are the same and values differ, so are the files and what becomes of them.
    """
    _once(patch, ConfigLoaderImpl, "_compose_config_from_defaults_list", _ours_alone, _key_of_files)
    _once(patch, ConfigRepository, "load_config", _ours_alone, lambda *path, **named: repr((path[1:], named)))
    _once(patch, defaults_list, "_create_interpolation_map", lambda _: True, _key_of_choices)
    parse = functools.cache(grammar_parser.parse)
    for module in (grammar_parser, base, _utils, oc):
        patch.setattr(module, "parse", parse)
    _once(patch, ConfigLoaderImpl, "load_configuration", _ours_alone, _key_of_overrides)
    load = ConfigLoaderImpl.load_configuration

    def here(*given: Any, **named: Any) -> Any:
        config = load(*given, **named)
        config.hydra.runtime.cwd = str(Path.cwd())
        return config

    patch.setattr(ConfigLoaderImpl, "load_configuration", here)


def _once(
    patch: pytest.MonkeyPatch,
    owner: Any,
    name: str,
    applies: Callable[[Any], bool],
    key: Callable[..., str],
) -> None:
    """A function's results are kept by what `key` makes of its arguments; it returns copies of them."""
    function, kept = getattr(owner, name), dict[str, bytes]()

    def remembered(*given: Any, **named: Any) -> Any:
        if not applies(given[0]):
            return function(*given, **named)
        asked = key(*given, **named)
        if asked not in kept:
            kept[asked] = pickle.dumps(function(*given, **named))
        return pickle.loads(kept[asked])

    patch.setattr(owner, name, remembered)


def _key_of_overrides(_: ConfigLoaderImpl, *given: Any, **named: Any) -> str:
    return repr((given, sorted(named.items()), version.getbase()))


def _key_of_files(_: ConfigLoaderImpl, defaults: Any, repo: Any) -> str:
    return repr(defaults)


def _key_of_choices(overrides: Any, defaults: Any, self_added: bool) -> str:
    return repr((overrides.known_choices, defaults, self_added))


def _ours_alone(where: ConfigLoaderImpl | ConfigRepository) -> bool:
    """Whether a loader, or a repository, searches our configs and Hydra's and nothing else."""
    ours = str(groups.CONFIGS.resolve())
    if isinstance(where, ConfigLoaderImpl):
        found = {element.path for element in where.get_search_path().get_path() if element.path is not None}
    else:
        found = {source.path if source.scheme() == "file" else source.full_path() for source in where.sources}
    return {ours} <= found <= {ours, "pkg://hydra.conf", "structured://"}
