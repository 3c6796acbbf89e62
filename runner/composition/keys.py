"""The key that a misspelt one was meant to be."""

from collections.abc import Iterator

from omegaconf import DictConfig

from runner import groups
from runner.suggestions import did_you_mean, nearest


def unknown_key(key: str, config: DictConfig) -> str:
    """Says that a key does not exist, and which one does."""
    node, depth = _deepest(config, key.split("."))
    path = key.split(".")
    if path[depth] in node:
        return f"{key}: {'.'.join(path[: depth + 1])} is {node._get_node(path[depth])}, not a section"
    names = [str(name) for name in node] + ([] if depth else groups.names([groups.CONFIGS]))
    guess = nearest(path[depth], names)
    if guess is not None:
        meant = ".".join([*path[:depth], guess, *path[depth + 1 :]])
        return f"{key}: there is no such key; did you mean {meant}?"
    elsewhere = [other for other in _paths(config) if other.rpartition(".")[2] == path[-1]]
    return f"{key}: there is no such key; {did_you_mean(key, elsewhere or names)}"


def _deepest(config: DictConfig, path: list[str]) -> tuple[DictConfig, int]:
    node = config
    for depth, name in enumerate(path):
        child = node._get_node(name) if name in node else None
        if not isinstance(child, DictConfig) or child._is_interpolation() or child._is_none():
            return node, depth
        node = child
    return node, len(path) - 1


def _paths(config: DictConfig, prefix: str = "") -> Iterator[str]:
    for name in config:
        node = config._get_node(name)
        if name == "hydra" and not prefix:
            continue
        yield f"{prefix}{name}"
        if isinstance(node, DictConfig) and not node._is_interpolation() and not node._is_none():
            yield from _paths(node, f"{prefix}{name}.")
