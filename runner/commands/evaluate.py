"""A trained run on its test split, or on another data set: PATH [dataset=NAME ...]."""

from runner.arguments import asks_for_help, folder_of
from runner.errors import ConfigError

OF_TRAINING = ("dataset.subset", "dataset.label_noise", "dataset.val_fraction")
"""What changes no test split."""
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
        if text.partition("=")[0] in OF_TRAINING:
            raise ConfigError(f"{text}: it is about training, and changes no test split; leave it out")
    # JAX is imported only once the command is known to be right.
    from runner.evaluation import evaluate

    return evaluate(folder, overrides, ["runner", "evaluate", *argv])
