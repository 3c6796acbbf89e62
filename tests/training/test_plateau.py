"""The rate falls when the objective on val stalls: Optax's rule, and the rate that is recorded and used."""

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

from runner.composition import compose
from runner.experiment import blueprint
from runner.specs import Spec
from runner.training.plateau import Plateau
from tests.runs.outcomes import run_in
from tests.sweeps.conftest import recorded

SCORES = [
    1.0,
    0.9,
    0.95,
    0.91,
    0.9,
    0.8,
    0.81,
    0.82,
    0.83,
    0.84,
    0.85,
    0.86,
    0.87,
    0.88,
    0.7,
    0.71,
    0.72,
    0.73,
]


def scales(plateau: Plateau, scores, maximise: bool = False) -> list[float]:
    def watch(state, score):
        state = plateau.watch(state, score, maximise)
        return state, state.scale

    start = plateau.start(maximise, jnp.float32)
    return np.asarray(jax.lax.scan(watch, start, jnp.asarray(scores, jnp.float32))[1]).tolist()


@pytest.mark.parametrize(("patience", "cooldown"), [(1, 0), (2, 0), (2, 2), (3, 1)])
def test_it_is_optaxs(patience, cooldown):
    theirs = optax.contrib.reduce_on_plateau(0.5, patience, 1e-9, 0.0, cooldown, 1, 0.1)
    state, expected = theirs.init(jnp.ones(())), []
    for score in SCORES:
        updates, state = theirs.update(jnp.ones(()), state, value=score)
        expected.append(float(updates))
    found = scales(Plateau(1.0, 0.5, patience, cooldown, 0.1), SCORES)
    assert found == expected
    assert min(found) < 1
    assert scales(Plateau(1.0, 0.5, patience, cooldown, 0.1), [-score for score in SCORES], True) == found


def test_its_numbers_may_be_traced():
    run = jax.jit(lambda factor, least: Plateau(1.0, factor, 1, 0, least).watch(start, jnp.float32(2), False))
    start = Plateau(1.0, 0.5, 1).start(False, jnp.float32)._replace(best=jnp.float32(1))
    assert run(0.5, 0.0).scale == 0.5 and run(0.5, 0.7).scale == np.float32(0.7)


def test_the_rate_that_is_recorded_is_what_the_evaluations_before_left_of_it(tmp_path):
    options = ["schedule=plateau", "schedule.patience=2", "schedule.factor=0.5", "schedule.cooldown=1"]
    small = ["model.hidden=[8]", "dataset.subset=128", "batch_size=128", "epochs=30", "optimizer=sgd"]
    folder = run_in(tmp_path / "run", [*options, *small, "diagnostics=off", "optimizer.learning_rate=0.5"])
    rates, accuracy = recorded(folder, "learning_rate"), recorded(folder, "val/accuracy")
    expected = [0.5 * scale for scale in scales(Plateau(1.0, 0.5, 2, 1), accuracy, True)]
    np.testing.assert_allclose(rates, [0.5, *expected[:-1]], rtol=1e-6)
    assert len(set(rates.tolist())) >= 3


def test_the_rate_that_is_recorded_is_the_one_that_is_used():
    config = compose(["schedule=plateau", "optimizer=sgd", "optimizer.weight_decay=0.3"])
    parts = blueprint(config, Spec((4,), 3, ("a", "b", "c"), 1.0, 100), ()).build({}, jnp.float32(0.25))
    weights, gradient = jnp.full((2, 2), 3.0), jnp.full((2, 2), 2.0)
    updates, _ = parts.optimizer.update(gradient, parts.optimizer.init(weights), weights)
    rate = config.optimizer.learning_rate * 0.25
    assert parts.schedule(7) == pytest.approx(rate)
    np.testing.assert_allclose(updates, -rate * (gradient + 0.3 * weights), rtol=1e-6)
