"""Makes an ensemble of members by one of the methods; what it takes to write it down."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

import jax.numpy as jnp

from runner.data.dataset import Dataset
from runner.ensembles.answers import Answers
from runner.ensembles.members import Member
from runner.ensembles.methods import COMBINING, Combination
from runner.ensembles.objective import Objective
from runner.ensembles.soups import RECIPES, Kitchen, Soup, cook
from runner.ensembles.structures import Structure
from runner.ensembles.writing import write_combination, write_soup
from runner.runs import Run
from runner.training.step import score

APART = 0.1
"""A barrier above this share of the members' loss says that they do not lie in one basin."""


class Ingredients(NamedTuple):
    """What an ensemble is made of."""

    members: Sequence[Member]
    structures: Sequence[Structure]
    dataset: Dataset
    answers: Answers
    objective: Objective


class Made(NamedTuple):
    """An ensemble before it has a folder."""

    used: tuple[int, ...]
    """The places of the members that are in it."""
    weights: tuple[float, ...] | None
    """Of these; None where there is no one weight a member."""
    write: Callable[[Path], None]
    """Writes what `load_run` reads, beside config and summary, into a folder."""
    val: Callable[[Run], Mapping[str, float]]
    """Loss and metrics on val of the ensemble, once it is loaded."""
    remarks: Sequence[str]


def make(method: str, ingredients: Ingredients) -> Made:
    """The ensemble of that method.

    Raises ConfigError where weights are to be averaged that cannot be, or to no end.
    """
    members, structures, dataset, answers, objective = ingredients
    if method in COMBINING:
        return _combined(ingredients, COMBINING[method](answers))
    made = cook(RECIPES[method], Kitchen(members, structures, answers, objective, dataset))
    return _averaged(ingredients, made)


def _combined(ingredients: Ingredients, made: Combination) -> Made:
    kind, (_, targets) = ingredients.answers.kind, ingredients.answers.val

    def val(run: Run) -> Mapping[str, float]:
        encoded = jnp.asarray(kind.encode(targets, made.on_val.shape[1]))
        found = score(run.parts, jnp.asarray(made.on_val), encoded, jnp.int32(len(targets)))
        return {name: float(value) for name, value in found.items()}

    return Made(made.used, made.weights, partial(write_combination, ingredients.members, made), val, ())


def _averaged(ingredients: Ingredients, made: Soup) -> Made:
    loss, apart = made.loss + made.barrier, made.barrier > APART * made.loss
    caution = ": they do not lie in one basin, and their average is none of their like" if apart else ""
    remark = (
        f"loss on val: {loss:.4g} with the average of the weights, {made.loss:.4g} in the mean of the runs"
    )
    weights = (1 / len(made.used),) * len(made.used)
    write = partial(write_soup, ingredients.members, made)
    return Made(made.used, weights, write, lambda run: made.scalars, (remark + caution,))
