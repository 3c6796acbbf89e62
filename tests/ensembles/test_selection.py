"""Greedy selections, against the procedure written out."""

import numpy as np

from runner.ensembles.mixtures import likelihood_loss
from runner.ensembles.selection import select_for_soup, select_with_replacement


def test_a_selection_with_replacement_is_caruana_s():
    likelihoods = np.random.default_rng(3).beta(2, 2, (5, 60))
    bag, kept, lowest = [], [], np.inf
    for _ in range(30):
        losses = [
            -np.mean(np.log(np.mean([likelihoods[m] for m in [*bag, new]], axis=0))) for new in range(5)
        ]
        bag = [*bag, int(np.argmin(losses))]
        if min(losses) < lowest:
            kept, lowest = bag, min(losses)
    found = select_with_replacement(likelihood_loss(likelihoods), rounds=30)
    np.testing.assert_array_equal(found, np.bincount(kept, minlength=5))
    assert found.max() > 1, "with replacement"


def test_one_that_no_other_improves_stays_alone():
    likelihoods = np.array([[0.9, 0.9], [0.1, 0.2]])
    np.testing.assert_array_equal(select_with_replacement(likelihood_loss(likelihoods)), [1, 0])


def test_a_greedy_soup_keeps_what_makes_it_no_worse():
    asked = []

    def merit(places):
        asked.append(tuple(places))
        return {(2,): 0.9, (2, 0): 0.85, (2, 1): 0.9, (2, 1, 3): 0.95}[tuple(places)]

    assert select_for_soup([2, 0, 1, 3], merit) == [2, 1, 3]
    assert asked == [(2,), (2, 0), (2, 1), (2, 1, 3)]
