"""Files for the data sets that read some, and the overrides of a row of options."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from runner.groups import Option

SMALL = ["dataset.subset=64", "batch_size=16"]
SMALLER = {
    "resnet": ["model.width=8"],
    "wide_resnet": ["model.width=8", "model.widening=1"],
    "vit": ["model.width=16", "model.depth=1"],
}
"""Of the models that take long to compile, one with each of its parts."""


def overrides_of(options: Mapping[str, str], files: Mapping[str, Path]) -> list[str]:
    """The overrides that choose these options, and find the files that they read."""
    chosen = [f"{group}={option}" for group, option in options.items()]
    path, pool = files.get(options.get("dataset", "")), files.get(options.get("augmentation", ""))
    paths = {"dataset.path": path, f"augmentation.{options.get('augmentation')}.path": pool}
    small = [*SMALL, *SMALLER.get(options.get("model", ""), [])]
    return [*chosen, *small, *(f"{key}={place}" for key, place in paths.items() if place is not None)]


def floats_of(option: Option, group: str) -> dict[str, float]:
    """The floats that an option's file sets, by their key in a config."""
    node = {key: value for key, value in (yaml.safe_load(option.text) or {}).items() if key != "defaults"}
    return dict(_floats(node, f"{group}."))


def _floats(node: dict[Any, Any], prefix: str) -> Iterator[tuple[str, float]]:
    for key, value in node.items():
        if isinstance(value, dict):
            yield from _floats(value, f"{prefix}{key}.")
        elif isinstance(value, list):
            yield from _floats(dict(enumerate(value)), f"{prefix}{key}.")
        elif isinstance(value, float):
            yield f"{prefix}{key}", value
