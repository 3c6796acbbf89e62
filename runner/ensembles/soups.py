"""One network, its weights the average of several: model soups (Wortsman et al. 2022, arXiv 2203.05482)."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from flax import nnx

from runner.ensembles.ingredients import Ingredients
from runner.ensembles.kinds import measured
from runner.ensembles.members import Member
from runner.ensembles.objective import merits
from runner.ensembles.selection import select_for_soup
from runner.errors import ConfigError
from runner.examining import examiner
from runner.training.lanes import alone

NAMED = 5


class Soup(NamedTuple):
    """An average of weights."""

    used: tuple[int, ...]
    """The places of the members that are in it."""
    variables: nnx.State
    """Of the network: weights and running statistics averaged, all else as the first of these has it."""
    scalars: Mapping[str, float]
    """Loss and metrics on val."""
    merit: float
    """The objective on val; more is better."""
    loss: float
    """The mean of these members' losses on val."""
    barrier: float
    """How far its own is above that: Frankle et al. 2020, "Linear mode connectivity", arXiv 1912.05671."""


Stir = Callable[[Sequence[int]], Soup]
"""The places of members -> their soup."""


def cook(recipe: "Recipe", ingredients: Ingredients) -> Soup:
    """A soup of members.

    Raises ConfigError where averaging their weights is impossible, or meaningless.
    """
    if len(ingredients.structures) > 1:
        first, other = (ingredients.members[structure.places[0]] for structure in ingredients.structures[:2])
        raise ConfigError(
            f"{other.folder}: its network or preprocessing is another than that of {first.folder}, and "
            "weights are averaged of one structure alone; use --method average"
        )
    stir = _stirring(ingredients)
    _refuse_other_starts(ingredients, stir)
    return recipe(ingredients, stir)


def _stirring(ingredients: Ingredients) -> Stir:
    (structure,), (kind, val, *_) = ingredients.structures, ingredients.answers
    examine = examiner(structure.run, ingredients.dataset, alone())
    losses = [measured(kind, said, val.targets)[0] for said in val.members]

    def stir(places: Sequence[int]) -> Soup:
        variables = averaged(structure.variables, [structure.places.index(place) for place in places])
        found, outputs = examine(jax.tree.map(lambda leaf: leaf[None], variables), ingredients.dataset.val)
        scalars = {name: np.asarray(values) for name, values in found.items()}
        answered = np.asarray(outputs)[0, : len(val.targets), structure.columns]
        said = np.asarray(kind.say(jnp.asarray(answered)))
        loss = float(np.mean([losses[place] for place in places]))
        barrier = float(measured(kind, said, val.targets)[0]) - loss
        merit = float(merits(scalars, ingredients.objective)[0])
        return Soup(
            tuple(places),
            variables,
            {name: float(own[0]) for name, own in scalars.items()},
            merit,
            loss,
            barrier,
        )

    return stir


Recipe = Callable[[Ingredients, Stir], Soup]


def soup(ingredients: Ingredients, stir: Stir) -> Soup:
    """All members, alike."""
    return stir(range(len(ingredients.members)))


def greedy_soup(ingredients: Ingredients, stir: Stir) -> Soup:
    """Those that make it no worse on val, the best member first."""
    order = np.argsort(-merits(ingredients.answers.scalars, ingredients.objective), kind="stable").tolist()
    return stir(select_for_soup(order, lambda places: stir(places).merit))


RECIPES: Mapping[str, Recipe] = {recipe.__name__: recipe for recipe in (soup, greedy_soup)}
"""Those that average weights, by the names that --method takes."""


def averaged(variables: nnx.State, lanes: Sequence[int]) -> nnx.State:
    """The average of some lanes' parameters and running statistics; other variables are the first one's."""
    learned, others = nnx.split_state(variables, nnx.Any(nnx.Param, nnx.BatchStat), ...)
    some = jnp.asarray(lanes)
    mean = jax.tree.map(lambda leaf: jnp.mean(leaf[some], axis=0), learned)
    return nnx.merge_state(mean, jax.tree.map(lambda leaf: leaf[lanes[0]], others))


def _refuse_other_starts(ingredients: Ingredients, stir: Stir) -> None:
    starts = list(dict.fromkeys(_start(member) for member in ingredients.members))
    if len(starts) == 1:
        return
    everything = stir(range(len(ingredients.members)))
    began = ", ".join([*starts[:NAMED], *["..."] * (len(starts) > NAMED)])
    loss = everything.loss + everything.barrier
    raise ConfigError(
        f"averaging the weights of these runs is meaningless: they began at different ones ({began}), and "
        f"the loss on val is {loss:.4g} with the average, {everything.loss:.4g} in the mean of the runs; "
        "use --method average, or train them from one start (init_from=PATH)"
    )


def _start(member: Member) -> str:
    """Where its weights began: runs of one structure that have the same began at the same."""
    config = member.config
    if config["init_from"] is not None:
        return f"init_from={config['init_from']}"
    initializer = config["initializer"]
    numbers = {key: value for key, value in initializer.items() if not key.startswith("_")}
    drawn = f"{initializer['_target_'].rpartition('.')[2]}{json.dumps(numbers) if numbers else ''}"
    return f"seed={config['seed']} {drawn}"
