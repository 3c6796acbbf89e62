"""What members are judged by on val: their own objective."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from runner.ensembles.members import Member
from runner.training.parts import EMA


class Objective(NamedTuple):
    """A metric that the members' own programs measure."""

    name: str
    maximise: bool


def objective_of(members: Sequence[Member]) -> Objective:
    """The objective of all members; their loss, where they have not the same one."""
    best = [member.summary["best"] for member in members]
    found = {(own["metric"].removeprefix("val/").removeprefix(EMA), own["mode"] == "max") for own in best}
    return Objective(*found.pop()) if len(found) == 1 else Objective("loss", False)


def merits(scalars: Mapping[str, np.ndarray], objective: Objective) -> np.ndarray:
    """The objective [members], or its negative where less is better: more is better of every merit."""
    values = scalars[objective.name]
    return values if objective.maximise else -values
