"""The checks to make before spending compute: data, labels, the model, its learning."""

import os

from omegaconf import DictConfig

from runner.composition import current_job, job_defaults, run_hydra, suggest
from runner.errors import ConfigError
from runner.validation import validate

JSON = "--json"
SWEEPS = ("-m", "--multirun", "--dry-run", "hydra.mode=MULTIRUN")


def main(argv: list[str]) -> int:
    """Composes the config, checks it and examines it; with --json it prints JSON alone.

    Returns 0 where nothing worse than a remark was found, 1 otherwise.

    Raises:
        ConfigError: the command or its config is wrong; nothing was written.
    """
    for flag in SWEEPS:
        if flag in argv:
            raise ConfigError(f"{flag}: the doctor looks at one config; leave it out")
    return run_hydra("doctor", [text for text in argv if text != JSON], Doctor(JSON in argv), __doc__ or "")


def complete(words: list[str], word: str) -> list[str]:
    """What a word on the command line may become."""
    flags = [JSON] if word.startswith("-") and JSON.startswith(word) else []
    return [*flags, *suggest(words, word)]


class Doctor:
    """The task. JAX is imported only once the config is known to be right."""

    def __init__(self, as_json: bool) -> None:
        """Prints JSON alone where it is asked for."""
        self._as_json = as_json

    def __call__(self, config: DictConfig) -> int:
        """Examines a config; the exit code."""
        validate(config, job_defaults())
        # XLA compiles meanwhile: threads of NumPy's that wait for a core each would keep both from it.
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
        from runner.doctor.examination import examine

        return examine(config, current_job(), self._as_json)
