"""One job of a sweep that another launcher than ours runs, perhaps in a process of its own."""

import math
from pathlib import Path
from typing import Any

from omegaconf import DictConfig, OmegaConf

from runner.composition import Job
from runner.configuration import identity
from runner.folder import read_summary, save_config, write_summary
from runner.launch import start
from runner.provenance import provenance
from runner.summary import queued_summary
from runner.sweeps.numbering import by_identity, claim


def train_job(config: DictConfig, job: Job, place: Path) -> float:
    """Trains a job in the folder `place`, or in the next free one of its sweep where that is taken.

    The best value of its objective; of a run of the same config that the sweep has already, that one's. A run
    that fails says so in its folder; raises what made it fail.
    """
    sweep = place.parent
    resolved: Any = OmegaConf.to_container(config, resolve=True)
    own = identity(resolved)
    known = by_identity(sweep).get(own)
    if known is not None:
        return _value(read_summary(sweep / str(known)))
    folder = claim(sweep, int(place.name) if place.name.isdigit() else None)
    try:
        return _value(start(config, job, folder))
    except Exception as error:
        if not (folder / "summary.json").exists():
            plain: Any = OmegaConf.to_container(config, resolve=False)
            summary = queued_summary(job, config.seed, own, provenance(job.command))
            (folder / ".hydra").mkdir(exist_ok=True)
            write_summary(folder, summary | {"status": "failed", "error": str(error)})
            save_config(folder, plain, job.overrides)
        raise


def _value(summary: dict[str, Any]) -> float:
    value = summary["best"]["value"]
    return math.nan if value is None else value
