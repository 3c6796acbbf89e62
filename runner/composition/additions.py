"""Overrides that Hydra accepts and nothing would read."""

from collections.abc import Sequence
from pathlib import Path

from omegaconf import DictConfig

from runner import groups
from runner.composition.overrides import parse
from runner.errors import ConfigError
from runner.suggestions import did_you_mean, nearest


def check_lists(choices: Sequence[str], folders: Sequence[Path]) -> None:
    """Options of a group compose only where each is a part: a second `_target_` would replace the first.

    Raises:
        ConfigError: several options are chosen of a group that takes one.
    """
    for text in choices:
        key, _, value = text.partition("=")
        several = value.startswith("[") and "," in value
        if several and any(option.is_call for option in groups.options(key, folders)):
            each = value.strip("[]")
            raise ConfigError(f"{text}: {key} takes one option; with -m, {key}={each} tries each")


def check_lengths(overrides: Sequence[str]) -> None:
    """`steps` is instead of `epochs`: where both are typed, one would not be read.

    Raises:
        ConfigError: both are given a value.
    """
    typed = dict(text.lstrip("+").split("=", 1) for text in overrides if "=" in text)
    given = [f"{key}={typed[key]}" for key in ("epochs", "steps") if typed.get(key, "null") != "null"]
    if len(given) > 1:
        raise ConfigError(f"{' and '.join(given)}: steps count instead of epochs; give one of them")


def check_additions(additions: Sequence[str], base: DictConfig) -> None:
    """Refuses what nothing would read.

    `+key=value` may give an argument to a node with a `_target_`, add such a node, or note a key at the top.

    Raises:
        ConfigError: the key is misspelt, or in a section in which nothing would read it.
    """
    for text in additions:
        _check_addition(text, base)


def _check_addition(text: str, base: DictConfig) -> None:
    override = parse(text)
    node, path = base, override.key_or_group.split(".")
    for depth, name in enumerate(path):
        if "_target_" in node or isinstance(override.value(), dict):
            return
        if name not in node:
            _check_new(path, depth, [str(key) for key in node])
            return
        node = node._get_node(name)
        if not isinstance(node, DictConfig):
            return


def _check_new(path: list[str], depth: int, siblings: list[str]) -> None:
    guess = nearest(path[depth], siblings)
    if guess is not None:
        meant = ".".join([*path[:depth], guess, *path[depth + 1 :]])
        raise ConfigError(f"+{'.'.join(path)}: did you mean {meant}?")
    if len(path) > 1:
        raise ConfigError(f"+{'.'.join(path)}: nothing reads it; {did_you_mean(path[depth], siblings)}")
