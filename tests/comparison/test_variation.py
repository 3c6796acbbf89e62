"""What varies: what was chosen, not what follows from it."""

import pytest

from runner.comparison.variation import domain, pick, variation
from tests.comparison.made import run

SGD = {"optimizer": "sgd", "optimizer.learning_rate": 0.1, "optimizer._target_": "optax.sgd", "epochs": 2}
ADAM = SGD | {
    "optimizer": "adam",
    "optimizer.learning_rate": 0.001,
    "optimizer._target_": "optax.adam",
    "optimizer.b1": 0.9,
}


def made(config, *overrides):
    return run(options=config, overrides=overrides)


def test_what_follows_from_an_option_is_implied():
    found = variation([made(SGD, "optimizer=sgd"), made(ADAM, "optimizer=adam")])
    assert found.varied == ("optimizer",)
    assert set(found.implied) == {"optimizer.learning_rate", "optimizer._target_", "optimizer.b1"}


def test_what_was_typed_varies_even_if_it_goes_hand_in_hand():
    runs = [
        made(SGD, "optimizer.learning_rate=0.1", "optimizer=sgd"),
        made(ADAM, "optimizer.learning_rate=0.001", "optimizer=adam"),
    ]
    assert variation(runs).varied == ("optimizer.learning_rate", "optimizer"), "in the order it was typed"


def test_what_nobody_typed_and_nothing_implies_varies():
    found = variation([made(SGD, "optimizer=sgd"), made(SGD | {"epochs": 3}, "optimizer=sgd")])
    assert found.varied == ("epochs",)


@pytest.mark.parametrize("text", ["+optimizer.b3=1", "++optimizer.b3=1"])
def test_an_added_key_was_typed(text):
    runs = [made(SGD | {"optimizer.b3": 1}, text), made(SGD, "optimizer=sgd")]
    assert variation(runs).varied == ("optimizer.b3",)


def test_equal_runs_vary_in_nothing():
    assert variation([made(SGD), made(SGD)]).varied == ()


def test_a_domain_is_in_order():
    runs = [run(options={"batch_size": value}) for value in (10, "full", 9.5, None, 10.0)]
    assert domain("batch_size", runs) == (
        9.5,
        10.0,
        "full",
        None,
    )


def test_one_and_true_are_two_values():
    assert pick({"a": 1}, ["a"]) == pick({"a": 1.0}, ["a"]) != pick({"a": True}, ["a"])
    assert pick({}, ["a"]) != pick({"a": None}, ["a"])
