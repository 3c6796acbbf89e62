"""Sets values of a config that was composed before."""

import copy
from collections.abc import Sequence

from hydra._internal.config_loader_impl import ConfigLoaderImpl
from omegaconf import DictConfig, OmegaConf

from runner.composition.explanation import Context, explained
from runner.composition.overrides import parse
from runner.errors import ConfigError
from runner.groups import CONFIGS


def change(config: DictConfig, overrides: Sequence[str]) -> DictConfig:
    """A copy of the config with each `KEY=VALUE`, composed from no file that may have changed since.

    Raises:
        ConfigError: there is no such key, or several values are given for one.
    """
    changed = copy.deepcopy(config)
    OmegaConf.set_struct(changed, True)
    with explained(Context("config", [CONFIGS], [], lambda: config)):
        for override in map(parse, overrides):
            if override.is_sweep_override():
                raise ConfigError(f"{override.input_line}: one value, not several")
            ConfigLoaderImpl._apply_overrides_to_config([override], changed)
    OmegaConf.set_struct(changed, None)
    return changed
