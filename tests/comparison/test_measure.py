"""The number that settings are ranked by."""

import math

import pytest

from runner.comparison.measure import MAXIMISED, measure
from runner.errors import ConfigError
from runner.objectives import tasks
from tests.comparison.made import run


def test_what_training_maximises_is_maximised_here():
    assert MAXIMISED == tasks.MAXIMISED


def test_the_objective_is_taken_at_its_best_step():
    found = measure([run(0.9, metrics={"val/accuracy": 0.8})], None)
    assert (found.tag, found.at_best, found.maximise) == ("val/accuracy", True, True)
    assert found.of(run(0.9, metrics={"val/accuracy": 0.8})) == 0.9


def test_another_metric_is_taken_at_the_last_evaluation():
    one = run(0.9, metrics={"val/loss": 0.3})
    found = measure([one], "val/loss")
    assert (found.at_best, found.maximise, found.of(one)) == (False, False, 0.3)


def test_the_config_says_what_is_better_of_its_objective():
    one = run(0.9, best_metric="val/score", mode="max", metrics={"test/score": 0.8})
    assert measure([one], None).maximise
    assert measure([one], "test/score").maximise, "of test, too"


@pytest.mark.parametrize("status", ["diverged", "failed"])
def test_what_went_wrong_has_no_value_though_it_had_a_best(status):
    assert math.isnan(measure([run()], None).of(run(0.9, status=status)))


@pytest.mark.parametrize("status", ["pruned", "running", "interrupted"])
def test_what_was_cut_short_has_its_best_so_far(status):
    assert measure([run()], None).of(run(0.7, status=status)) == 0.7


def test_an_unknown_metric_is_refused():
    with pytest.raises(ConfigError, match="--metric val/acuracy: no run has it; did you mean val/accuracy"):
        measure([run()], "val/acuracy")


def test_several_objectives_need_a_choice():
    with pytest.raises(ConfigError, match=r"several objectives \(val/accuracy, val/loss\)"):
        measure([run(), run(best_metric="val/loss")], None)
    assert measure([run(), run(None, best_metric=None)], None).tag == "val/accuracy"
