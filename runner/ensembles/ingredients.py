"""What an ensemble is made of."""

from collections.abc import Sequence
from typing import NamedTuple

from runner import folder as folders
from runner.backend import configure
from runner.data.dataset import Dataset
from runner.ensembles.answers import Answers, ask
from runner.ensembles.members import Member
from runner.ensembles.objective import Objective, merits, objective_of
from runner.ensembles.structures import Structure, by_structure
from runner.errors import ConfigError
from runner.experiment import build_dataset


class Ingredients(NamedTuple):
    """Members, their networks, and what these say of val and test."""

    members: Sequence[Member]
    structures: Sequence[Structure]
    dataset: Dataset
    answers: Answers
    objective: Objective

    @property
    def best(self) -> int:
        """The place of the member that is best on val by its objective."""
        return int(merits(self.answers.scalars, self.objective).argmax())


def gather(members: Sequence[Member]) -> Ingredients:
    """Loads the networks and the data of members, and asks every one of them.

    Raises ConfigError where the data is not what they were trained on.
    """
    first = members[0]
    config, _ = folders.load_config(first.folder)
    configure(config)
    dataset, recorded = build_dataset(config), first.summary["data"]["fingerprint"]
    if dataset.fingerprint != recorded:
        raise ConfigError(
            f"{first.folder}: its data has changed since it was trained (fingerprint {dataset.fingerprint}, "
            f"then {recorded}): val and test may hold what it was trained on"
        )
    structures = by_structure([member.folder for member in members])
    return Ingredients(members, structures, dataset, ask(structures, dataset), objective_of(members))
