"""Trains a generator (generator=vae, gan) on a training split, and writes a data set; with -m, several."""

from runner.commands.train import Train
from runner.composition import run_hydra, suggest
from runner.errors import ConfigError

DEFAULT = "generator=vae"


def main(argv: list[str]) -> int:
    """Composes the config, a generator for its model, checks it and trains; a run like any other.

    Raises:
        ConfigError: the command or its config is wrong; nothing was written.
    """
    chosen = [text for text in argv if text.lstrip("+~").partition("=")[0] == "generator"]
    for text in chosen:
        if text.startswith("~") or text.partition("=")[2] == "null":
            raise ConfigError(f"{text}: generate needs a generator; {DEFAULT} is the default")
    return run_hydra("generate", argv if chosen else [*argv, DEFAULT], Train(), __doc__ or "")


def complete(words: list[str], word: str) -> list[str]:
    """What a word on the command line may become."""
    return suggest(words, word)
