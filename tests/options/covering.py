"""A pairwise covering design: few rows in which every pair of options of two groups occurs."""

import random
from collections.abc import Callable, Mapping, Sequence
from itertools import combinations

Row = dict[str, str]
Pair = frozenset[tuple[str, str]]


def cover(groups: Mapping[str, Sequence[str]], fits: Callable[[Row], bool], seed: int = 0) -> list[Row]:
    """Rows, an option of each group in each, that cover every pair of options which fits.

    Greedy (AETG: Cohen et al. 1997): a row starts from a pair that no row has yet, and each further group
    takes the option that covers the most. `fits` tells of a row, whole or not, whether it makes sense; a row
    that cannot be completed is left short.
    """
    draw = random.Random(seed)
    left = _pairs_to_cover(groups, fits)
    rows = []
    while left:
        row = dict(sorted(min(left, key=sorted)))
        for group in draw.sample(sorted(groups.keys() - row.keys()), len(groups) - len(row)):
            chosen = [option for option in groups[group] if fits({**row, group: option})]
            if chosen:
                draw.shuffle(chosen)
                row[group] = max(chosen, key=lambda option: len(_pairs({**row, group: option}) & left))
        left -= _pairs(row)
        rows.append(row)
    return rows


def _pairs_to_cover(groups: Mapping[str, Sequence[str]], fits: Callable[[Row], bool]) -> set[Pair]:
    return {
        frozenset({(one, first), (other, second)})
        for one, other in combinations(groups, 2)
        for first in groups[one]
        for second in groups[other]
        if fits({one: first, other: second})
    }


def _pairs(row: Row) -> set[Pair]:
    return {frozenset(pair) for pair in combinations(row.items(), 2)}
