"""Greedy choices of members, by what they add on val."""

from collections.abc import Callable, Sequence

import numpy as np

from runner.ensembles.mixtures import MixtureLoss

ROUNDS = 100
"""Of a selection with replacement: the weights are multiples of one in so many at the finest."""


def select_with_replacement(loss: MixtureLoss, rounds: int = ROUNDS) -> np.ndarray:
    """How often each member is in the best of the bags that are filled greedily: [members], sum 1 or more.

    Each round adds the member that lowers the loss of the bag's average most (or raises it least), be it in
    there already; of all rounds the bag with the lowest loss is kept, the smallest of those that tie. Caruana
    et al. 2004, "Ensemble selection from libraries of models".
    """
    counts = np.zeros(loss.members, int)
    best, lowest = counts, np.inf
    for size in range(1, rounds + 1):
        values = loss.values((counts + np.eye(loss.members)) / size)
        chosen = int(values.argmin())
        counts = counts.copy()
        counts[chosen] += 1
        if values[chosen] < lowest:
            best, lowest = counts, values[chosen]
    return best


def select_for_soup(order: Sequence[int], merit: Callable[[Sequence[int]], float]) -> list[int]:
    """The members of a greedy soup: each is added, in `order`, unless the average of weights is worse then.

    `merit` of some members is how good the average of their weights is on val. Wortsman et al. 2022, "Model
    soups", arXiv 2203.05482, recipe 1.
    """
    chosen, reached = [order[0]], merit(order[:1])
    for member in order[1:]:
        value = merit([*chosen, member])
        if value >= reached:
            chosen, reached = [*chosen, member], value
    return chosen
