"""One training run; with -m, a sweep."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from omegaconf import DictConfig

from runner.composition import Outcome, SweepJob, current_job, job_defaults, job_folder, run_hydra, suggest
from runner.validation import validate

INTERRUPTED = 130


def main(argv: list[str]) -> int:
    """Composes the config, checks it and trains.

    Raises:
        ConfigError: the command or its config is wrong; nothing was written.
    """
    return run_hydra("train", argv, Train(), __doc__ or "")


def complete(words: list[str], word: str) -> list[str]:
    """What a word on the command line may become."""
    return suggest(words, word)


class Train:
    """The task. JAX is imported only once the config is known to be right."""

    def __call__(self, config: DictConfig) -> Any:
        """Trains one run: the exit code; of a job of a sweep, the best value of its objective."""
        validate(config, job_defaults())
        place = job_folder()
        if place is None:
            from runner.launch import EXIT_CODES, start

            return EXIT_CODES[start(config, current_job())["status"]]
        from runner.sweeps.job import train_job

        return train_job(config, current_job(), place)

    def together(self, jobs: Sequence[SweepJob], folder: Path, lanes: int) -> list[Outcome]:
        """Trains jobs as lanes of compiled programs, each of at least `lanes` lanes."""
        from runner.sweeps.sweep import train_sweep

        return train_sweep(jobs, folder, lanes)

    def plan(self, jobs: Sequence[SweepJob], lanes: int) -> None:
        """Says how jobs would be trained."""
        from runner.sweeps.sweep import plan_sweep

        plan_sweep(jobs, lanes)

    def go_on(self, folder: Path, command: list[str]) -> bool:
        """Trains what a sweep that was killed has left; False where it was interrupted again."""
        from runner.sweeps.numbering import run_folders
        from runner.sweeps.resuming import resume_sweep

        return not run_folders(folder) or resume_sweep(folder, command) != INTERRUPTED

    def maximises(self, job: SweepJob) -> bool:
        """Whether a higher value of the job's objective is better."""
        from runner.sweeps.sweep import maximises

        return maximises(job)

    def conclude(self, folder: Path) -> int:
        """Sums up a sweep; the exit code."""
        from runner.sweeps.conclusion import conclude

        return conclude(folder)
