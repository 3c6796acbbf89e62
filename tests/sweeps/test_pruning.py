"""Runs that fall behind are pruned; the others are the runs they would have been."""

from collections import Counter

import numpy as np
import pytest

from runner import load_run
from runner.sweeps.numbering import run_folders
from tests.runs.outcomes import run_in
from tests.sweeps.conftest import recorded, statuses, summary_in, sweep_in

LONG = ["model.hidden=[8]", "epochs=9", "dataset.subset=256", "optimizer=sgd", "diagnostics=off"]
RATES = ["1e-6", "3e-6", "1e-5", "3e-5", "1e-4", "3e-4", "1e-3", "3e-3", "0.1"]
SEEDS = 2


@pytest.fixture(scope="module")
def pruned(tmp_path_factory):
    options = [*LONG, f"optimizer.learning_rate={','.join(RATES)}", f"seed=range({SEEDS})"]
    pruning = ["sweep.pruning=successive_halving", "sweep.rungs=2", "sweep.factor=3"]
    return sweep_in(tmp_path_factory.mktemp("pruned") / "sweep", [*options, *pruning])


def test_a_third_is_left_at_each_rung_and_the_best_wins(pruned):
    found = statuses(pruned)
    assert Counter(found.values()) == {"pruned": 16, "completed": 2}
    assert [number for number, status in found.items() if status == "completed"] == [16, 17]
    steps = Counter(summary_in(path)["steps"] for path in run_folders(pruned).values())
    assert steps == {4: 12, 12: 4, 36: 2}


def test_seeds_of_a_setting_end_together(pruned):
    found = {number: summary_in(path)["steps"] for number, path in run_folders(pruned).items()}
    for setting in range(len(RATES)):
        assert len({found[setting * SEEDS + seed] for seed in range(SEEDS)}) == 1


def test_those_that_fell_behind_were_behind(pruned):
    values = {number: summary_in(path)["best"]["value"] for number, path in run_folders(pruned).items()}
    lasts = [number for number, path in run_folders(pruned).items() if summary_in(path)["steps"] == 36]
    first_rung = {
        number: max(recorded(path, "val/accuracy")[:1]) for number, path in run_folders(pruned).items()
    }
    at_first = [np.mean([first_rung[s * SEEDS + k] for k in range(SEEDS)]) for s in range(len(RATES))]
    gone = [s for s in range(len(RATES)) if summary_in(pruned / str(s * SEEDS))["steps"] == 4]
    stayed = [s for s in range(len(RATES)) if s not in gone]
    assert max(at_first[s] for s in gone) <= min(at_first[s] for s in stayed)
    assert max(values, key=lambda number: values[number]) in lasts


def test_a_survivor_is_the_run_it_would_have_been(pruned, tmp_path):
    alone = run_in(tmp_path / "alone", [*LONG, "optimizer.learning_rate=0.1", "seed=1"])
    np.testing.assert_allclose(recorded(pruned / "17", "val/loss"), recorded(alone, "val/loss"), rtol=1e-4)
    assert summary_in(pruned / "17")["metrics"]["test/accuracy"] == pytest.approx(
        summary_in(alone)["metrics"]["test/accuracy"], abs=0.02
    )


def test_a_pruned_run_keeps_its_weights(pruned):
    run = load_run(pruned / "0")
    assert run.predict(np.zeros((2, 8, 8, 1))).shape == (2, 10)


def test_hyperband_lets_some_run_to_the_end_unseen(tmp_path):
    options = [
        *LONG,
        f"optimizer.learning_rate={','.join(RATES)}",
        "sweep.pruning=hyperband",
        "sweep.rungs=1",
    ]
    sweep = sweep_in(tmp_path / "sweep", options)
    found = Counter(statuses(sweep).values())
    # Brackets of 1 and 0 rungs get settings in the proportion 3/2 to 1; a third of the first goes on.
    assert found["pruned"] + found["completed"] == 9
    assert 3 <= found["pruned"] <= 4
