"""One job of a sweep that another launcher than ours runs, perhaps in a process of its own."""

from pathlib import Path
from typing import Any

from omegaconf import DictConfig, OmegaConf

from runner.composition import Job
from runner.configuration import identity
from runner.folder import read_summary, save_config, write_summary
from runner.launch import start
from runner.provenance import provenance
from runner.summary import queued_summary
from runner.sweeps.numbering import by_identity, claim, value_of


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
        return value_of(read_summary(sweep / str(known)))
    folder = claim(sweep, int(place.name))
    try:
        summary = start(config, job, folder)
    except Exception as error:
        _say_failed(folder, config, job, own, error)
        raise
    if summary["status"] == "interrupted":
        raise KeyboardInterrupt  # or the launcher would begin the next job
    return value_of(summary)


def _say_failed(folder: Path, config: DictConfig, job: Job, own: str, error: Exception) -> None:
    if not (folder / "summary.json").exists():
        plain: Any = OmegaConf.to_container(config, resolve=False)
        summary = queued_summary(job, config.seed, own, provenance(job.command))
        write_summary(folder, summary | {"status": "failed", "error": str(error)})
        save_config(folder, plain, job.overrides)
        (folder / "run.log").write_text(f"failed: {error}\n")
