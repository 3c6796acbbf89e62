"""What a sweep's folder says of each invocation that filled it."""

from pathlib import Path

from omegaconf import DictConfig, OmegaConf

STEM = "multirun"


def keep_invocation(folder: Path, config: DictConfig) -> None:
    """Writes `multirun.yaml`, as Hydra does; of later invocations `multirun.1.yaml` and so on."""
    folder.mkdir(parents=True, exist_ok=True)
    earlier = len(list(folder.glob(f"{STEM}*.yaml")))
    name = f"{STEM}.{earlier}.yaml" if earlier else f"{STEM}.yaml"
    OmegaConf.save(config, folder / name)
