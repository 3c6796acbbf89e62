"""A trained run on its test split, or on another data set: PATH [dataset=NAME ...]."""

from runner.arguments import asks_for_help, folder_of
from runner.errors import ConfigError

USAGE = "runner evaluate PATH [dataset=NAME] [dataset.KEY=VALUE ...]"


def main(argv: list[str]) -> int:
    """Evaluates the run in a folder; the exit code.

    Raises:
        ConfigError: there is no run, or the data does not fit it.
    """
    if asks_for_help(argv):
        print(f"usage: {USAGE}\n\n{__doc__}")
        return 0
    folder, overrides = folder_of(argv, USAGE), argv[1:]
    for text in overrides:
        if not text.startswith(("dataset=", "dataset.")):
            raise ConfigError(f"{text}: only the data set can change; what was trained stays as it was")
    # JAX is imported only once the command is known to be right.
    from runner.evaluation import evaluate

    return evaluate(folder, overrides, ["runner", "evaluate", *argv])
