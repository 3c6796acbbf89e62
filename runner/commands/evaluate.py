"""A trained run on its test split, or on another data set: PATH [dataset=NAME ...]."""

from pathlib import Path

from runner.errors import ConfigError

USAGE = "runner evaluate PATH [dataset=NAME] [dataset.KEY=VALUE ...]"


def main(argv: list[str]) -> int:
    """Evaluates the run in a folder; the exit code.

    Raises:
        ConfigError: there is no run, or the data does not fit it.
    """
    if not argv or argv[0] in ("--help", "-h"):
        print(f"usage: {USAGE}\n\n{__doc__}")
        return 0
    folder, overrides = Path(argv[0]), argv[1:]
    if not folder.is_dir():
        raise ConfigError(f"{folder}: there is no such folder")
    for text in overrides:
        if not text.startswith(("dataset=", "dataset.")):
            raise ConfigError(f"{text}: only the data set can change; what was trained stays as it was")
    # JAX is imported only once the command is known to be right.
    from runner.evaluation import evaluate

    return evaluate(folder, overrides, ["runner", "evaluate", *argv])
