"""The jobs of a grid: every combination of the values that overrides list."""

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

from hydra._internal.config_loader_impl import ConfigLoaderImpl
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import Override

from runner.errors import ConfigError


def read(texts: Sequence[str], loader: Any) -> list[Override]:
    """Overrides that may be sweeps; a glob stands for options that `loader` knows. Raises as Hydra does."""
    assert isinstance(loader, ConfigLoaderImpl)
    return OverridesParser.create(config_loader=loader).parse_overrides(list(texts))


def lines(params: Mapping[str, Any] | None) -> list[str]:
    """Overrides that a config gives by key, as `hydra.sweeper.params` does."""
    return [f"{key}={value}" for key, value in (params or {}).items()]


def expand(overrides: Sequence[Override], grids: Sequence[Sequence[Override]]) -> list[list[str]]:
    """The overrides of each job: every combination of values, for each grid; what is given beside wins."""
    given = {override.get_key_element(): values(override) for override in overrides}
    spaces = [{override.get_key_element(): values(override) for override in grid} | given for grid in grids]
    jobs = [list(job) for space in spaces or [given] for job in itertools.product(*space.values())]
    return [list(job) for job in dict.fromkeys(map(tuple, jobs))]


def values(override: Override) -> list[str]:
    """What an override comes to, one override a value.

    Raises:
        ConfigError: its values cannot be counted.
    """
    if not override.is_sweep_override():
        return [fixed(override)]
    if not override.is_discrete_sweep():
        hint = "hydra/sweeper=optuna searches intervals"
        raise ConfigError(f"{override.input_line}: a grid needs values that can be counted; {hint}")
    return [f"{override.get_key_element()}={value}" for value in override.sweep_string_iterator()]


def fixed(override: Override) -> str:
    """An override that is the same for every job."""
    if override.is_delete() and override.value() is None:
        return str(override.input_line)
    return f"{override.get_key_element()}={override.get_value_element_as_str()}"
