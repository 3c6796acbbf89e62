"""Goes on with an interrupted run or sweep: PATH [epochs=N], with more epochs to train longer."""

from pathlib import Path

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
    if not argv or argv[0] in ("--help", "-h"):
        print(f"usage: {USAGE}\n\n{__doc__}")
        return 0
    folder, changes = Path(argv[0]), dict(_change(text) for text in argv[1:])
    if not folder.is_dir():
        raise ConfigError(f"{folder}: there is no such folder")
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
