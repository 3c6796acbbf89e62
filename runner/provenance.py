"""Where a result comes from: command, code, versions."""

import platform
import shlex
import subprocess
from pathlib import Path
from typing import Any

import flax
import jax
import numpy as np
import optax

import runner

FORMAT = 1
"""Of the files in a run's folder; a later runner still loads every earlier format."""


def provenance(command: list[str]) -> dict[str, Any]:
    """What `summary.json` says of how a run was made."""
    return {
        "command": shlex.join(command),
        "code": code(Path.cwd()),
        "device": device(),
        "versions": versions(),
        "format": FORMAT,
    }


def import_paths(summary: dict[str, Any]) -> list[Path]:
    """Where modules of the user's own were found when a run was made, as far as they are still there."""
    places = (summary["working_dir"], summary["config_dir"])
    return [Path(place) for place in places if place is not None and Path(place).is_dir()]


def code(folder: Path) -> dict[str, Any]:
    """The git commit of a folder and whether the tree differs from it; nulls outside of git."""
    commit = _git(folder, "rev-parse", "HEAD")
    changes = _git(folder, "status", "--porcelain") if commit else None
    return {"commit": commit, "dirty": None if changes is None else bool(changes)}


def device() -> dict[str, Any]:
    """What JAX computes on."""
    first = jax.devices()[0]
    return {"platform": first.platform, "kind": first.device_kind, "count": jax.device_count()}


def versions() -> dict[str, str]:
    """Of everything that decides a number."""
    return {
        "runner": runner.__version__,
        "python": platform.python_version(),
        "jax": jax.__version__,
        "flax": flax.__version__,
        "optax": optax.__version__,
        "numpy": np.__version__,
    }


def _git(folder: Path, *arguments: str) -> str | None:
    try:
        found = subprocess.run(["git", *arguments], cwd=folder, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return found.stdout.strip()
