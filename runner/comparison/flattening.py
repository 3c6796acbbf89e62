"""A saved config as one flat mapping."""

import functools
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from runner.comparison.model import Value
from runner.configuration import BOOKKEEPING


def load_yaml(text: str) -> dict[str, Any]:
    """A config as saved; its interpolations stay as they are.

    Raises yaml.YAMLError or ValueError if it is not a mapping.
    """
    config: dict[str, Any] = {}
    for section in _sections(text):
        parsed = _parse(section)
        if not isinstance(parsed, dict):
            raise ValueError("not a mapping")
        config |= parsed
    return config


def flatten(config: Mapping[str, Any], choices: Mapping[str, Any]) -> dict[str, Value]:
    """Values by dotted key, the option of each group under the group's name."""
    leaves = dict(_leaves({key: node for key, node in config.items() if key not in BOOKKEEPING}, ""))
    leaves.pop("seed", None)
    return {group: _option(option) for group, option in choices.items()} | leaves


def _sections(text: str) -> Iterator[str]:
    # The runs of a sweep share most of their sections: each is parsed once, and 1,000 configs take no longer
    # than a few.
    section: list[str] = []
    for line in text.splitlines(keepends=True):
        if section and line[0] not in " -#:}]\n":
            yield "".join(section)
            section = []
        section.append(line)
    if section:
        yield "".join(section)


@functools.lru_cache(maxsize=100_000)
def _parse(section: str) -> Any:
    return yaml.load(section, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def _leaves(node: Any, prefix: str) -> Iterator[tuple[str, Value]]:
    if isinstance(node, dict):
        for key, value in node.items():
            yield from _leaves(value, f"{prefix}.{key}" if prefix else str(key))
    elif isinstance(node, list):
        yield prefix, _list(node)
    elif node is None or isinstance(node, bool | int | float):
        yield prefix, node
    elif not str(node).startswith("${"):  # what it stands for has a key of its own
        yield prefix, str(node)


def _list(node: list[Any]) -> str:
    return f"[{','.join(_list(item) if isinstance(item, list) else str(item) for item in node)}]"


def _option(option: Any) -> Value:
    if option is None or option in ("None", "null"):
        return None
    return str(option).replace("'", "").replace(", ", ",")
