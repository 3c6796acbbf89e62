"""An ensemble, read back from its folder."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from runner import checkpoints
from runner import folder as folders
from runner.backend import configure
from runner.ensembles.combining import COMBINATIONS
from runner.ensembles.kinds import kind_of
from runner.ensembles.network import Ensemble
from runner.ensembles.structures import by_structure
from runner.errors import ConfigError
from runner.preparation import Lane
from runner.runs import Run, Traced
from runner.training.parts import Number, Parts

COMBINATION = "combination.msgpack"


class Built(NamedTuple):
    """A design whose parts are there already."""

    parts: Parts

    def build(self, numbers: Mapping[str, Any], rate_scale: Number = 1.0, /) -> Parts:
        """The parts; there are no numbers to put in."""
        return self.parts


def member_folders(folder: Path) -> list[Path]:
    """The members of the ensemble in a folder, in their order."""
    return sorted((folder / folders.MEMBERS).iterdir(), key=lambda path: int(path.name))


def load_ensemble(folder: Path) -> Run:
    """The ensemble in a folder, as one run: its network is made of its members' networks.

    Raises ConfigError if something of it is missing.
    """
    config, _ = folders.load_config(folder)
    summary = folders.read_summary(folder)
    configure(config)
    structures = by_structure(member_folders(folder))
    saved = checkpoints.read(folder / COMBINATION)
    if saved.meta["combine"] not in COMBINATIONS:
        raise ConfigError(f"{folder / COMBINATION}: {saved.meta['combine']} is no combination of members")
    first = structures[0].run
    name, task = next(iter(first.tasks.items()))
    kind = kind_of(task)
    network = Ensemble(structures, kind.say, COMBINATIONS[saved.meta["combine"]], saved.arrays)
    network.eval()
    parts = first.parts._replace(model=lambda rngs: network, task=task, loss=kind.loss)

    def lane(traced: Traced) -> Lane:
        return Lane(Built(parts), {}, {})

    about = (summary["metrics"], first.classes, first.spec, parts, (), {name: task}, lane)
    return Run(folder, config, network, *about)
