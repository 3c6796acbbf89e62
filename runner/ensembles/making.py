"""Makes an ensemble of members by one of the methods; what it takes to write it down."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

import jax.numpy as jnp

from runner.ensembles.ingredients import Ingredients
from runner.ensembles.methods import COMBINING, Combination
from runner.ensembles.soups import RECIPES, Soup, cook
from runner.ensembles.writing import write_combination, write_soup
from runner.runs import Run
from runner.training.step import score

APART = 0.1
"""A barrier above this share of the members' loss says that they do not lie in one basin."""


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
    if method in COMBINING:
        return _combined(ingredients, COMBINING[method](ingredients.answers))
    return _averaged(ingredients, cook(RECIPES[method], ingredients))


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
