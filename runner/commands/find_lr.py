"""The learning-rate range test: which rates are good for a config; with -m, for several."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from omegaconf import DictConfig

from runner.composition import Outcome, SweepJob, current_job, job_defaults, job_folder, run_hydra, suggest
from runner.validation import validate


def main(argv: list[str]) -> int:
    """Composes the config, checks it and tests learning rates.

    Raises:
        ConfigError: the command or its config is wrong; nothing was written.
    """
    return run_hydra("find-lr", argv, FindLr(), __doc__ or "")


def complete(words: list[str], word: str) -> list[str]:
    """What a word on the command line may become."""
    return suggest(words, word)


class FindLr:
    """The task. JAX is imported only once the config is known to be right."""

    def __call__(self, config: DictConfig) -> Any:
        """Tests one config: the exit code; of a job of a sweep, the objective at the suggested rate."""
        validate(config, job_defaults())
        place = job_folder()
        if place is None:
            from runner.range_test.launch import EXIT_CODES, start

            return EXIT_CODES[start(config, current_job())["status"]]
        from runner.range_test.many import run_in_place

        return run_in_place(config, current_job(), place)

    def together(self, jobs: Sequence[SweepJob], folder: Path, lanes: int) -> list[Outcome]:
        """Tests the configs of jobs one after another."""
        from runner.range_test.many import run_tests

        return run_tests(jobs, folder)

    def plan(self, jobs: Sequence[SweepJob], lanes: int) -> None:
        """Says which configs would be tested."""
        for number, job in enumerate(jobs):
            print(f"range test {number}: {' '.join(job.job.overrides)}")

    def go_on(self, folder: Path, command: list[str]) -> bool:
        """A range test that was killed is begun again by whoever asks for it again."""
        return True

    def maximises(self, job: SweepJob) -> bool:
        """Whether a higher value of the job's objective is better."""
        from runner.sweeps.sweep import maximises

        return maximises(job)

    def conclude(self, folder: Path) -> int:
        """Says what the tests suggest; the exit code."""
        from runner.range_test.many import conclude

        return conclude(folder)
