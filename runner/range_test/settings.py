"""What `find_lr.*` asks of a range test; answers without JAX."""

from typing import NamedTuple

from omegaconf import DictConfig

RATE = "optimizer.learning_rate"


class Settings(NamedTuple):
    """The section `find_lr` of a config."""

    low: float
    """The ramp's first rate."""
    high: float
    """Its last one, unless it ends before."""
    steps: int
    """Of the ramp."""
    rates: int
    """How many short trainings confirm it."""
    training: int | str
    """Their length: a duration."""


def settings_of(config: DictConfig) -> Settings:
    """The settings of a config that has been validated."""
    return Settings(**{key: config.find_lr[key] for key in Settings._fields})
