"""What a config says of the branches of a model beside their networks."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from runner.errors import ConfigError
from runner.instantiation import takes

INIT_FROM, FROZEN = "init_from", "frozen"


def take_branches(model: dict[str, Any]) -> dict[str, Any]:
    """The node of a model with what makes the networks of its branches, and the names of the frozen ones.

    Raises ConfigError where the model's target cannot be found, or a branch is no model's node.
    """
    if "branches" not in model or not takes(model, FROZEN, "model"):
        return model
    branches: Mapping[str, Any] = model["branches"]
    for name, node in branches.items():
        if not isinstance(node, dict) or "_target_" not in node:
            raise ConfigError(
                f"model.branches.{name}: it has no _target_; +model@model.branches.{name}=mlp makes it an mlp"
            )
    frozen = [name for name, node in branches.items() if node.get(FROZEN)]
    return model | {"branches": {name: _maker(node) for name, node in branches.items()}, FROZEN: frozen}


def origins(model: Mapping[str, Any]) -> dict[str, Path]:
    """The runs whose weights branches start from, by the name of the branch."""
    found = {name: node.get(INIT_FROM) for name, node in (model.get("branches") or {}).items()}
    return {name: Path(place) for name, place in found.items() if place is not None}


def _maker(node: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in node.items() if key not in (INIT_FROM, FROZEN)} | {"_partial_": True}
