"""Pairs of runs: by seed, over the same contexts, at equal steps."""

import json
from dataclasses import replace

import numpy as np
import pytest

from runner.comparison.budget import histories
from runner.comparison.pairs import by_seed, complete, paired
from runner.comparison.settings import ranked_settings
from tests.comparison.made import ACCURACY, NO_RECORDS, run, seeds


def setting(runs):
    (found,) = ranked_settings(runs, [], ACCURACY)
    return by_seed(found)


def contexts(*pairs):
    return [(setting(seeds(first)), setting(seeds(second))) for first, second in pairs]


def test_differences_are_averaged_over_contexts_one_a_seed():
    found = paired(contexts(([0.9, 0.8], [0.7, 0.7]), ([0.6, 0.5], [0.6, 0.3])), ACCURACY, NO_RECORDS)
    assert found.differences == pytest.approx({0: 0.1, 1: 0.15})
    assert (found.pairs, found.lost) == (4, 0)


def test_a_context_that_lacks_a_seed_is_left_out_of_all_seeds():
    found = paired(contexts(([0.9, 0.8], [0.7, 0.7]), ([0.6, None], [0.1, 0.3])), ACCURACY, NO_RECORDS)
    assert found.differences == pytest.approx({0: 0.2, 1: 0.1})
    assert (found.pairs, found.lost) == (2, 2)


def test_a_seed_that_most_contexts_lack_is_left_out():
    lone = setting([*seeds([0.9, 0.8]), run(0.5, 99)]), setting([*seeds([0.7, 0.7]), run(0.1, 99)])
    pairs = [lone, *contexts(*[([0.9, 0.8], [0.7, 0.7])] * 4)]
    found = paired(pairs, ACCURACY, NO_RECORDS)
    assert found.differences == pytest.approx({0: 0.2, 1: 0.1})


def test_no_seed_in_common_is_no_pair():
    found = paired([(setting([run(0.9, 0)]), setting([run(0.8, 1)]))], ACCURACY, NO_RECORDS)
    assert found.differences == {}
    assert paired(contexts(([None], [0.9])), ACCURACY, NO_RECORDS).lost == 1


def test_what_stays_has_no_gap():
    for seed in range(50):
        present = np.random.default_rng(seed).random((6, 5)) < 0.8
        rows, columns = complete(present)
        assert present[np.ix_(rows, columns)].all()


def test_a_run_that_was_cut_short_is_held_against_the_other_at_its_step(tmp_path):
    records = tmp_path / "metrics.jsonl"
    curve = {20: 0.5, 40: 0.7, 60: 0.6, 100: 0.9}
    lines = [{"step": step, "epoch": step / 20, "val/accuracy": value} for step, value in curve.items()]
    records.write_text("\n".join(map(json.dumps, lines)))
    full = replace(run(0.9), records=records)
    pruned = run(0.65, status="pruned", steps=60)
    read = histories("val/accuracy")
    found = paired([(setting([full]), setting([pruned]))], ACCURACY, read)
    assert found.differences == pytest.approx({0: 0.7 - 0.65}), "the best up to step 60"
    last = ACCURACY._replace(at_best=False, tag="val/accuracy")
    by_last = [replace(one, metrics={"val/accuracy": one.best_value}) for one in (full, pruned)]
    found = paired([(setting([by_last[0]]), setting([by_last[1]]))], last, read)
    assert found.differences == pytest.approx({0: 0.6 - 0.65}), "the last up to step 60"
