"""An ensemble's folder, which is like a run's: what is in it beside records and the summary."""

from collections.abc import Sequence
from pathlib import Path

from runner import checkpoints
from runner import folder as folders
from runner.checkpoints import Saved
from runner.ensembles.loading import COMBINATION
from runner.ensembles.members import Member
from runner.ensembles.methods import Combination
from runner.ensembles.soups import Soup
from runner.runs import BEST, saved_of

KEPT = (f"{BEST}.", "preprocessing.")
"""Of a member's arrays: what it predicts with. Its optimizer's are left behind."""


def write_config(folder: Path, first: Member, method: str, members: int) -> None:
    """The config of an ensemble: its first member's, and what the ensemble is."""
    config = {**first.config, "ensemble": {"method": method, "members": members}}
    folders.save_config(folder, config, folders.load_config(first.folder)[1])


def write_combination(members: Sequence[Member], made: Combination, folder: Path) -> None:
    """The members that are used, each a run of its own, and what combines them."""
    for number, place in enumerate(made.used):
        _copy(members[place], folder / folders.MEMBERS / str(number))
    checkpoints.write(folder / COMBINATION, Saved(0, dict(made.arrays), {"combine": made.combine.__name__}))


def write_soup(members: Sequence[Member], made: Soup, folder: Path) -> None:
    """The averaged weights, where a run has its best ones."""
    saved = saved_of(members[made.used[0]].folder)
    arrays = _kept(saved) | checkpoints.flatten(made.variables, BEST)
    checkpoints.save(folder, saved._replace(arrays=arrays))


def _copy(member: Member, folder: Path) -> None:
    (folder / ".hydra").mkdir(parents=True)
    for name in (folders.CONFIG, folders.OVERRIDES, folders.SUMMARY):
        if (member.folder / name).is_file():
            (folder / name).write_bytes((member.folder / name).read_bytes())
    saved = saved_of(member.folder)
    checkpoints.save(folder, saved._replace(arrays=_kept(saved)))


def _kept(saved: Saved) -> checkpoints.Arrays:
    steps = {name: array for name, array in saved.arrays.items() if name == "state.best.step"}
    return steps | {name: array for name, array in saved.arrays.items() if name.startswith(KEPT)}
