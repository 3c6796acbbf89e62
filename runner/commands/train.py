"""One training run; with -m, a sweep."""

from omegaconf import DictConfig

from runner.composition import current_job, job_defaults, job_folder, run_hydra, suggest
from runner.validation import validate


def main(argv: list[str]) -> int:
    """Composes the config, checks it and trains.

    Raises:
        ConfigError: the command or its config is wrong; nothing was written.
    """
    return run_hydra("train", argv, _task)


def complete(words: list[str], word: str) -> list[str]:
    """What a word on the command line may become."""
    return suggest(words, word)


def _task(config: DictConfig) -> int:
    validate(config, job_defaults())
    # JAX is imported only once the config is known to be right.
    from runner.launch import start

    return start(config, current_job(), job_folder())
