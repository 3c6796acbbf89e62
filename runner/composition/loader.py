"""Hydra's loader of configs, in which a data set chooses the loss where nothing else does."""

from hydra._internal.config_loader_impl import ConfigLoaderImpl
from hydra.types import RunMode
from omegaconf import DictConfig, OmegaConf, open_dict

from runner import groups
from runner.errors import ConfigError
from runner.suggestions import did_you_mean


class Loader(ConfigLoaderImpl):
    """Composes once more with the loss that `dataset.default_loss` names.

    A defaults list cannot do it: the task of a data set may be a value, and a list knows options alone.
    """

    def load_configuration(
        self,
        config_name: str | None,
        overrides: list[str],
        run_mode: RunMode,
        from_shell: bool = True,
        validate_sweep_overrides: bool = True,
    ) -> DictConfig:
        """The config of some overrides, with its `hydra` section; raises as Hydra does, and ConfigError."""
        config = super().load_configuration(
            config_name, overrides, run_mode, from_shell, validate_sweep_overrides
        )
        loss = _wanted_loss(config, overrides)
        if loss is None:
            return config
        whole = super().load_configuration(
            config_name, [*overrides, f"loss={loss}"], run_mode, from_shell, validate_sweep_overrides
        )
        with open_dict(whole):  # what was typed, and not what followed from it
            whole.hydra.overrides = config.hydra.overrides
            whole.hydra.job.override_dirname = config.hydra.job.override_dirname
        return whole


def _wanted_loss(config: DictConfig, overrides: list[str]) -> str | None:
    """The loss to compose with instead of the default; None where one is chosen, or none is wanted."""
    if any(text.lstrip("+~").partition("=")[0].partition("@")[0] == "loss" for text in overrides):
        return None
    chosen, wanted = config.hydra.runtime.choices.get("loss"), _default_loss(config)
    return wanted if chosen == groups.defaults()["loss"] != wanted else None


def _default_loss(config: DictConfig) -> str | None:
    """The option that the data set names, in a text or in a mapping from its tasks."""
    asked = OmegaConf.select(config, "dataset.default_loss")
    if not isinstance(asked, DictConfig):
        return asked
    task = OmegaConf.select(config, "dataset.task")
    if task not in asked:
        known = [str(name) for name in asked]
        raise ConfigError(f"dataset.task={task}: there is no such task; {did_you_mean(str(task), known)}")
    return asked[task]
