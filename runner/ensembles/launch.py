"""Makes an ensemble, in a folder of its own."""

import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from runner import folder as folders
from runner.ensembles.details import FILE, details
from runner.ensembles.display import Shown, show
from runner.ensembles.ingredients import gather
from runner.ensembles.making import make
from runner.ensembles.members import find_members
from runner.ensembles.records import write_records
from runner.ensembles.summing import ended, queued
from runner.ensembles.testing import test
from runner.ensembles.writing import write_config
from runner.errors import RunError
from runner.records.console import new_console
from runner.runs import load_run

ROOT = Path("outputs/ensembles")


def ensemble(paths: Sequence[Path], method: str, output: Path | None, command: list[str]) -> int:
    """Makes one model of the runs under the paths, and says what it gains; the exit code.

    Raises:
        ConfigError: the runs do not fit together, or cannot be combined so; nothing was written.
        RunError: the folder cannot be written to.
    """
    began = time.monotonic()
    members, left_out = find_members(paths)
    ingredients = gather(members)
    made = make(method, ingredients)
    with whole(folders.create(output, ROOT)) as folder:
        summary = queued(members, made, method, command)
        folders.write_summary(folder, summary)
        made.write(folder)
        write_config(folder, members[made.used[0]], method, len(made.used))
        run = load_run(folder)
        tested, val = test(run, ingredients), made.val(run)
        shown = Shown(method, ingredients, made, left_out, tested)
        summary = ended(summary, tested, val, ingredients.objective, time.monotonic() - began)
        write_records(folder, summary, ingredients, tested, shown)
        folders.write_summary(folder, details(method, ingredients, made, left_out, tested), FILE)
        folders.write_summary(folder, summary)
    show(shown, folder, new_console())
    return 0


@contextmanager
def whole(folder: Path) -> Iterator[Path]:
    """Inside, an ensemble is written into its new folder, which is taken away again where that fails.

    Raises RunError where the disk is at fault.
    """
    try:
        yield folder
    except BaseException as error:
        shutil.rmtree(folder, ignore_errors=True)
        if isinstance(error, OSError):
            raise RunError(f"{error.filename or folder}: {error.strerror or error}") from error
        raise
