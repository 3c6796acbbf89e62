"""What every member says of val and test."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import jax.numpy as jnp
import numpy as np

from runner.data.dataset import DataError, Dataset
from runner.ensembles.kinds import Kind, kind_of
from runner.ensembles.structures import Structure, layout_of
from runner.errors import ConfigError
from runner.examining import examiner


class Said(NamedTuple):
    """Of one split."""

    members: np.ndarray
    """[members, n, k]."""
    targets: np.ndarray
    """Of the main task as stored: classes [n], or numbers [n, k]."""


class Answers(NamedTuple):
    """Of both splits."""

    kind: Kind
    val: Said
    test: Said
    scalars: Mapping[str, np.ndarray]
    """What the members' own programs measure on val, [members] by name."""


def ask(structures: Sequence[Structure], dataset: Dataset) -> Answers:
    """Evaluates all members, those of one structure as lanes of one program.

    Raises ConfigError where an example of streamed data cannot be read.
    """
    task = next(iter(structures[0].run.tasks.values()))
    kind, splits = kind_of(task), (dataset.val, dataset.test)
    found: dict[int, list[np.ndarray]] = {}
    scalars: dict[int, Mapping[str, float]] = {}
    try:
        for structure in structures:
            examine = examiner(structure.run, dataset, layout_of(structure.variables))
            both = [examine(structure.variables, split) for split in splits]
            # NumPy takes them apart: every slice on the device would be a program to compile.
            measured = {name: np.asarray(values) for name, values in both[0][0].items()}
            said = [
                np.asarray(kind.say(jnp.asarray(np.asarray(outputs)[:, : len(split), structure.columns])))
                for (_, outputs), split in zip(both, splits, strict=True)
            ]
            for lane, place in enumerate(structure.places):
                scalars[place] = {name: float(values[lane]) for name, values in measured.items()}
                found[place] = [of_split[lane] for of_split in said]
    except DataError as error:
        raise ConfigError(f"dataset: {error}") from error

    def of(split: int) -> Said:
        members = np.stack([found[place][split] for place in range(len(found))])
        return Said(members, _stored(structures[0], dataset.targets[splits[split]]))

    shared = set.intersection(*(set(own) for own in scalars.values()))
    own = {name: np.array([scalars[place][name] for place in range(len(found))]) for name in shared}
    return Answers(kind, of(0), of(1), own)


def _stored(structure: Structure, targets: np.ndarray) -> np.ndarray:
    """The main task's targets; of classes its own, which may be groups of those of the data."""
    task = next(iter(structure.run.tasks.values()))
    if not task.classes:
        return targets
    encoded = task.encode(jnp.asarray(targets), jnp.zeros((len(targets), 0)), np.float32)
    return np.asarray(encoded).argmax(axis=1)
