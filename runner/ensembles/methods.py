"""The ways to make one model of members, by the names that --method takes."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np

from runner.ensembles.answers import Answers
from runner.ensembles.combining import Arrays, Combine
from runner.ensembles.crossfitting import cross_fitted
from runner.ensembles.kinds import measured
from runner.ensembles.mixtures import MixtureLoss
from runner.ensembles.selection import select_with_replacement
from runner.ensembles.stacking import STRENGTHS
from runner.ensembles.weighting import best_weights


class Combination(NamedTuple):
    """How the members' predictions become one."""

    combine: Combine
    arrays: Arrays
    """Of the members that are used."""
    used: tuple[int, ...]
    """The places of these among the members."""
    weights: tuple[float, ...] | None
    """Of the members that are used; None where there is no one weight a member."""
    on_val: np.ndarray
    """Outputs [n, k] for val, each of what was fitted without the example."""


Weigh = Callable[[Answers, np.ndarray], np.ndarray]
"""Answers, and which examples of val to look at -> weights [members] on the simplex."""


def average(answers: Answers) -> Combination:
    """Equal weights."""
    kind, said = answers.kind, answers.val.members
    weights = np.full(len(said), 1 / len(said))
    arrays, used = {"weights": weights}, tuple(range(len(said)))
    return Combination(kind.mix, arrays, used, tuple(weights.tolist()), np.asarray(kind.mix(arrays, said)))


def weighted(answers: Answers) -> Combination:
    """The weights that minimise the loss on val."""
    return _mixture(answers, lambda answers, places: best_weights(_loss(answers, places)))


def greedy(answers: Answers) -> Combination:
    """The weights of a greedy selection with replacement."""

    def weigh(answers: Answers, places: np.ndarray) -> np.ndarray:
        counts = select_with_replacement(_loss(answers, places))
        return counts / counts.sum()

    return _mixture(answers, weigh)


def stacking(answers: Answers) -> Combination:
    """A linear model, at the strength of penalty that is best cross-fitted."""
    kind, said, targets = answers.kind, answers.val.members, answers.val.targets

    def fit(places: np.ndarray, strength: float) -> dict[str, np.ndarray]:
        found = kind.fit_stack(said[:, places], targets[places], strength)
        outputs = said.shape[-1]
        return {"kernel": found.kernel.reshape(-1, outputs, outputs), "bias": found.bias}

    def held_out(strength: float) -> np.ndarray:
        def fitted(places: np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
            arrays = fit(places, strength)
            return lambda others: np.asarray(kind.stack(arrays, said[:, others]))

        return cross_fitted(fitted, len(targets))

    found = [held_out(strength) for strength in STRENGTHS]
    losses = [measured(kind, outputs, targets)[0] for outputs in found]
    best = int(np.argmin(losses))
    arrays = fit(np.arange(len(targets)), STRENGTHS[best])
    return Combination(kind.stack, arrays, tuple(range(len(said))), None, found[best])


COMBINING: Mapping[str, Callable[[Answers], Combination]] = {
    function.__name__: function for function in (average, weighted, greedy, stacking)
}
"""Those that combine predictions."""


def _loss(answers: Answers, places: np.ndarray) -> MixtureLoss:
    return answers.kind.mixture_loss(answers.val.members[:, places], answers.val.targets[places])


def _mixture(answers: Answers, weigh: Weigh) -> Combination:
    kind, said = answers.kind, answers.val.members

    def fitted(places: np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
        arrays = {"weights": weigh(answers, places)}
        return lambda others: np.asarray(kind.mix(arrays, said[:, others]))

    weights = weigh(answers, np.arange(said.shape[1]))
    used = tuple(np.flatnonzero(weights).tolist())
    kept = weights[list(used)]
    on_val = cross_fitted(fitted, said.shape[1])
    return Combination(kind.mix, {"weights": kept}, used, tuple(kept.tolist()), on_val)
