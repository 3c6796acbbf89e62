"""Goes on with an interrupted run or sweep: PATH [epochs=N], with more epochs to train longer."""

from runner.arguments import asks_for_help, folder_of
from runner.errors import ConfigError
from runner.suggestions import did_you_mean
from runner.sweeps.numbering import run_folders

USAGE = "runner resume PATH [epochs=N | steps=N]"
LENGTHS = ("epochs", "steps")


def main(argv: list[str]) -> int:
    """Resumes the run in a folder; the exit code.

    Raises:
        ConfigError: there is no run, or nothing to go on with.
    """
    if asks_for_help(argv):
        print(f"usage: {USAGE}\n\n{__doc__}")
        return 0
    folder, changes = folder_of(argv, USAGE), dict(_change(text) for text in argv[1:])
    if len(changes) > 1:
        raise ConfigError(f"{' and '.join(argv[1:])}: steps count instead of epochs; give one of them")
    # JAX is imported only once the command is known to be right.
    if run_folders(folder) and not (folder / ".hydra").is_dir():
        from runner.sweeps.resuming import resume_sweep

        return resume_sweep(folder, changes, ["runner", "resume", *argv])
    from runner.launch import resume

    return resume(folder, changes, ["runner", "resume", *argv])


def _change(text: str) -> tuple[str, int]:
    key, _, value = text.partition("=")
    if key not in LENGTHS:
        raise ConfigError(f"{text}: only the length of a run can change; {did_you_mean(key, LENGTHS)}")
    if not value.isascii() or not value.isdigit() or int(value) == 0:
        raise ConfigError(f"{text}: {key} is a whole number of at least 1")
    return key, int(value)
