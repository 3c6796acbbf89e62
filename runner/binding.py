"""Takes the numbers out of a config, so that a trace can put its own in."""

import copy
from collections.abc import Iterable, Mapping
from typing import Any

from omegaconf import DictConfig, OmegaConf


class Slot:
    """Where a number of a config goes."""

    def __init__(self, key: str) -> None:
        self.key = key

    def __str__(self) -> str:
        # Asked for by an interpolation inside a text, which would keep the slot's name for a value.
        raise TypeError(f"{self.key} becomes part of a text")


def resolve(config: DictConfig) -> dict[str, Any]:
    """A config as plain dicts and lists, its interpolations resolved."""
    resolved: Any = OmegaConf.to_container(config, resolve=True)
    return resolved


def take_out(config: DictConfig, keys: Iterable[str]) -> dict[str, Any]:
    """A config resolved, with a slot wherever one of these numbers, or an interpolation of it, stands.

    Resolved once: every trace builds its parts from what this returns, and copying a config takes OmegaConf
    longer than building a small network.
    """
    open_config = copy.deepcopy(config)
    OmegaConf.set_struct(open_config, False)
    open_config._set_flag("allow_objects", True)
    for key in keys:
        OmegaConf.update(open_config, key, Slot(key))
    return resolve(open_config)


def put_in(node: Any, numbers: Mapping[str, Any]) -> Any:
    """What `take_out` returned, with a number in every slot."""
    if isinstance(node, Slot):
        return numbers[node.key]
    if isinstance(node, dict):
        return {key: put_in(value, numbers) for key, value in node.items()}
    if isinstance(node, list):
        return [put_in(value, numbers) for value in node]
    return node
