"""Configs at rest, as plain dicts and lists: how they are written, and which of them ask for the same run."""

import functools
import hashlib
import json
import pickle
from collections.abc import Mapping
from typing import Any

import yaml
from omegaconf._utils import OmegaConfDumper

BOOKKEEPING = frozenset(
    {"output_dir", "device", "compilation_cache", "checkpoint", "log_every", "sweep", "find_lr"}
)
"""Keys of a config that no result depends on."""


_Fastest: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


class _Dumper(_Fastest):
    """LibYAML's, which takes a fifth of the time that OmegaConf's own takes."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


# OmegaConf's quotes what its own loader would take for a number.
_Dumper.add_representer(str, OmegaConfDumper.str_representer)


def to_yaml(config: Mapping[str, Any] | list[Any]) -> str:
    """What `OmegaConf.to_yaml` makes of the same config."""
    if not isinstance(config, dict) or not config:
        return _dump(config)
    # The runs of a sweep share most of their sections.
    return "".join(_section(pickle.dumps((key, value))) for key, value in config.items())


@functools.lru_cache(maxsize=4096)
def _section(pickled: bytes) -> str:
    key, value = pickle.loads(pickled)
    return _dump({key: value})


def _dump(node: Any) -> str:
    return yaml.dump(node, Dumper=_Dumper, default_flow_style=False, allow_unicode=True, sort_keys=False)


def identity(resolved: Mapping[str, Any]) -> str:
    """16 hexadecimal digits, the same for configs that ask for the same run.

    `resolved` has its interpolations resolved. 1 and 1.0 are the same number.
    """
    telling = {key: value for key, value in resolved.items() if key not in BOOKKEEPING}
    text = json.dumps(_normal(telling), sort_keys=True)
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


def _normal(node: Any) -> Any:
    if isinstance(node, dict):
        return {str(key): _normal(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_normal(value) for value in node]
    return float(node) if isinstance(node, int) and not isinstance(node, bool) else node
