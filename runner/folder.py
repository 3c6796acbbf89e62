"""A run's folder: made once, never shared, and what is in it beside records and checkpoints."""

import fcntl
import json
import math
import os
import secrets
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from omegaconf import DictConfig, OmegaConf

from runner.configuration import to_yaml
from runner.errors import ConfigError

SUMMARY = "summary.json"
RANGE_TEST = "find_lr.json"
"""What the folder of a learning-rate range test has instead of a run's summary."""
DOCTOR = "doctor.json"
"""What the folder of an examination has instead of a run's summary."""
MEMBERS = "members"
"""In the folder of an ensemble: the runs that it is made of, each in a folder of its own."""
RUNS = Path("outputs/runs")
CONFIG = ".hydra/config.yaml"
OVERRIDES = ".hydra/overrides.yaml"


def create(place: Path | None, root: Path = RUNS) -> Path:
    """Makes a new folder: `place`, or `root/DATE/TIME-ID` where it is None.

    Raises ConfigError if the folder is occupied or cannot be made.
    """
    path = place or default_path(root)
    refuse_occupied(path)
    try:
        path.mkdir(parents=True, exist_ok=place is not None)
        (path / ".hydra").mkdir()  # of two runs that chose one folder, this lets in the first
    except FileExistsError as error:
        raise ConfigError(_occupied(path)) from error
    except OSError as error:
        raise ConfigError(f"output_dir={path}: cannot be made ({error.strerror})") from error
    return path


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Inside, the run in this folder is ours; the lock is on the folder itself and ends with the process.

    Raises ConfigError if another process is training the run.
    """
    handle = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise ConfigError(f"{path}: another process is training this run") from error
    finally:
        os.close(handle)


def refuse_occupied(path: Path) -> None:
    """Raises ConfigError if there is anything at `path` but an empty folder."""
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise ConfigError(_occupied(path))


def refuse_unless_sweep(path: Path) -> None:
    """Raises ConfigError if there is anything at `path` but a sweep's folder or an empty one."""
    if not path.exists():
        return
    if not path.is_dir() or (path / CONFIG).exists():
        raise ConfigError(_occupied(path))
    found = [child.name for child in path.iterdir()]
    if found and not any(name.isdigit() or name.startswith("multirun") for name in found):
        raise ConfigError(
            f"output_dir={path}: the folder holds {found[0]} and is no sweep's; choose a new one"
        )


def default_path(root: Path) -> Path:
    """`root/DATE/TIME-ID`: the ID keeps runs of the same second apart."""
    now = time.localtime()
    return root / time.strftime("%Y-%m-%d", now) / f"{time.strftime('%H-%M-%S', now)}-{secrets.token_hex(3)}"


def save_config(folder: Path, config: Mapping[str, Any], overrides: list[str]) -> None:
    """Writes `.hydra/` as Hydra does; the config's interpolations are not resolved."""
    _replace(folder / OVERRIDES, to_yaml(overrides))
    _replace(folder / CONFIG, to_yaml(config))


def save_longer(folder: Path, config: Mapping[str, Any], overrides: list[str]) -> None:
    """Replaces the config of a run that trains longer; the one before is kept beside it."""
    earlier = len(list((folder / ".hydra").glob("config.*.yaml")))
    shutil.copy(folder / CONFIG, folder / ".hydra" / f"config.{earlier}.yaml")
    save_config(folder, config, overrides)


def load_config(folder: Path) -> tuple[DictConfig, list[str]]:
    """The config and the overrides of a run's folder.

    Raises ConfigError if it is not a run's folder.
    """
    if not (folder / CONFIG).is_file():
        raise ConfigError(
            f"{folder}: not the folder of a run, or killed before it began (it has no {CONFIG})"
        )
    config = OmegaConf.load(folder / CONFIG)
    overrides = OmegaConf.load(folder / OVERRIDES) if (folder / OVERRIDES).is_file() else []
    assert isinstance(config, DictConfig)
    return config, [str(override) for override in overrides]


def write_summary(folder: Path, summary: Mapping[str, Any], name: str = SUMMARY) -> None:
    """Replaces `summary.json`, or a file of another name; what is not finite is null."""
    _replace(folder / name, json.dumps(_finite(summary), indent=2, allow_nan=False) + "\n")


def read_summary(folder: Path) -> dict[str, Any]:
    """The summary of a run.

    Raises ConfigError if there is none.
    """
    try:
        return json.loads((folder / SUMMARY).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigError(f"{folder / SUMMARY}: not a summary that can be read") from error


def _finite(node: Any) -> Any:
    if isinstance(node, dict):
        return {key: _finite(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_finite(value) for value in node]
    return None if isinstance(node, float) and not math.isfinite(node) else node


def _replace(path: Path, text: str) -> None:
    # In one move, so that neither a reader nor a kill ever finds half a file.
    partial = path.with_name(f"{path.name}.partial")
    partial.write_text(text, encoding="utf-8")
    partial.replace(path)


def _occupied(path: Path) -> str:
    if not path.is_dir():
        return f"output_dir={path}: it is no folder; choose another place"
    resume = f", or: runner resume {path}" if (path / SUMMARY).exists() else ""
    return f"output_dir={path}: the folder is not empty; choose a new one{resume}"
