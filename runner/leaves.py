"""The values of a config by their dotted keys."""

from dataclasses import dataclass
from typing import Any

from omegaconf import DictConfig, ListConfig, OmegaConf
from omegaconf.errors import InterpolationToMissingValueError, OmegaConfBaseException

from runner.errors import ConfigError


@dataclass(frozen=True)
class Leaf:
    """A value that is not a section, and where it stands."""

    parent: DictConfig
    name: Any
    value: Any
    interpolation: str | None = None
    missing: bool = False
    """Whether it is `???`: to be given."""

    def replace(self, value: Any) -> None:
        """Gives the config another value there."""
        self.parent[self.name] = value


def leaves(config: DictConfig, prefix: str = "") -> dict[str, Leaf]:
    """Every value; a list is one value, and an interpolation what it stands for.

    Raises:
        ConfigError: an interpolation stands for nothing.
    """
    found: dict[str, Leaf] = {}
    for name in config:
        key = f"{prefix}{name}"
        node: Any = config._get_node(name)
        if _is_section(node):
            found.update(leaves(node, f"{key}."))
        else:
            found[key] = _leaf(config, name, key)
    return found


def _is_section(node: Any) -> bool:
    return isinstance(node, DictConfig) and isinstance(node._value(), dict)


def _leaf(parent: DictConfig, name: Any, key: str) -> Leaf:
    node: Any = parent._get_node(name)
    if node._is_missing():
        return Leaf(parent, name, None, missing=True)
    text = str(node._value()) if node._is_interpolation() else None
    try:
        value = parent[name]
        plain = OmegaConf.to_container(value, resolve=True) if isinstance(value, ListConfig) else value
    except InterpolationToMissingValueError:  # said of the value that is to be given
        return Leaf(parent, name, None, text)
    except OmegaConfBaseException as error:
        reason = str(error).partition("\n")[0]
        raise ConfigError(f"{key}={text or node}: {reason}") from error
    return Leaf(parent, name, plain, text)
