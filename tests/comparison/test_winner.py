"""The winner, and the commands that train it again."""

import shlex

import pytest

from runner.comparison.settings import ranked_settings
from runner.comparison.winner import confirm_command, reproduce_command, winner
from runner.composition import compose
from tests.comparison.made import ACCURACY, run

TYPED = (
    "optimizer=sgd",
    "model.hidden=[32, 16]",
    "seed=5",
    "output_dir=x",
    "sweep.isolated=true",
    "+t=a b",
)


def found(runs, seeds=(0, 1, 2)):
    return winner(ranked_settings(runs, ["optimizer"], ACCURACY), seeds, ACCURACY)


def test_chosen_on_val_and_reported_on_test():
    columns = {"adam": [(0.9, 0.7), (0.92, 0.8)], "sgd": [(0.8, 0.99), (0.81, 0.99)]}
    runs = [
        run(value, seed, {"optimizer": name}, metrics={"test/accuracy": test, "val/loss": 1.0})
        for name, column in columns.items()
        for seed, (value, test) in enumerate(column)
    ]
    best = found(runs)
    assert best.setting.options == {"optimizer": "adam"}
    assert best.run.seed == 1
    assert set(best.test) == {"test/accuracy"}
    assert best.test["test/accuracy"].mean == pytest.approx(0.75)
    assert best.test["test/accuracy"].count == 2


def test_nothing_wins_while_nothing_has_a_value():
    assert found([run(None, 0, {"optimizer": "adam"})]) is None


def test_the_command_trains_the_same_run_again():
    words = shlex.split(reproduce_command(run(seed=5, overrides=TYPED, flags=("--config-dir", "my configs"))))
    assert words[:4] == ["runner", "train", "--config-dir", "my configs"]
    assert words[4:] == ["optimizer=sgd", "model.hidden=[32, 16]", "+t=a b", "seed=5"]
    config = compose([word for word in words[4:] if not word.startswith("+")])
    assert (config.seed, list(config.model.hidden)) == (5, [32, 16])


def test_an_ensemble_is_made_again_and_has_no_other_seeds():
    made = run(made_by="runner ensemble sweep --method greedy")
    (setting,) = ranked_settings([made], ["optimizer"], ACCURACY)
    assert reproduce_command(made) == "runner ensemble sweep --method greedy"
    assert confirm_command(made, setting, [0]) is None


@pytest.mark.parametrize(("count", "expected"), [(2, "range(8,13)"), (7, "range(8,15)")])
def test_the_confirmation_is_on_seeds_that_nobody_looked_at(count, expected):
    runs = [run(0.9, seed, {"optimizer": "sgd"}) for seed in range(count)]
    (setting,) = ranked_settings(runs, ["optimizer"], ACCURACY)
    command = confirm_command(runs[0], setting, [0, 7, 3])
    assert shlex.split(command) == ["runner", "train", "-m", "optimizer=sgd", f"seed={expected}"]
