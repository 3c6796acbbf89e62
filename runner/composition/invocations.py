"""What a sweep's folder says of each invocation that filled it: `multirun.yaml`, and the earlier ones."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from omegaconf import DictConfig, OmegaConf

STEM = "multirun"


def keep_invocation(folder: Path, config: DictConfig) -> None:
    """Writes `multirun.yaml`, as Hydra does."""
    folder.mkdir(parents=True, exist_ok=True)
    with earlier_kept(folder):
        OmegaConf.save(config, _latest(folder))


@contextmanager
def earlier_kept(folder: Path) -> Iterator[None]:
    """Inside, a `multirun.yaml` may be written; the one before is `multirun.N.yaml` then, from 1 on."""
    number = len(list(folder.glob(f"{STEM}.*.yaml"))) + 1
    aside = folder / f"{STEM}.{number}.yaml"
    if _latest(folder).exists():
        _latest(folder).rename(aside)
    try:
        yield
    finally:
        if aside.exists() and not _latest(folder).exists():
            aside.rename(_latest(folder))


def _latest(folder: Path) -> Path:
    return folder / f"{STEM}.yaml"
