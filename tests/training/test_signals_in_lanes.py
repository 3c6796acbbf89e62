"""What is seen of a lane is what is seen of the same run alone."""

import jax
import numpy as np
import pytest

from runner.backend import width
from runner.composition import compose
from runner.experiment import as_arrays, blueprint, numbers_of
from runner.preparation import gather
from runner.training import diagnosis, program
from runner.training.lanes import Layout, alone, in_turn, over_lanes, together

LANES = 3
OPTIONS = [
    "model.hidden=[8,4]",
    "activation=tanh",
    "normalization=batch",
    "regularizer=[l2,dropout]",
    "batch_size=16",
    "dataset.subset=64",
    "precision=float64",
    "diagnostics=full",
]
VARIED = [
    {
        "seed": lane,
        "optimizer.learning_rate": 1e-3 * (1 + lane),
        "regularizer.dropout": 0.1 * (1 + lane),
        "regularizer.l2": 1e-3 * (1 + lane),
    }
    for lane in range(LANES)
]
STEP = np.int32(5)


@pytest.fixture(scope="module")
def case():
    config = compose(OPTIONS)
    with width(config):
        material = gather(config)
        numbers = numbers_of(config, 100)
        build = blueprint(config, material.spec, numbers).build
        lanes = as_arrays([{**numbers, **own} for own in VARIED], "float64")
        start = jax.jit(over_lanes(program.start(build), 1, Layout(LANES, together, jax.devices()[:1])))
        yield build, lanes, start(lanes, material.data), material.data


@pytest.fixture(scope="module")
def runs(case):
    """What is seen of each run alone."""
    build, numbers, state, data = case
    function = jax.jit(over_lanes(diagnosis.look(build, []), 2, alone()))
    own = [
        jax.tree.map(lambda leaf, lane=lane: leaf[lane : lane + 1], (numbers, state)) for lane in range(LANES)
    ]
    return np.concatenate([function(*one, STEP, data) for one in own])


@pytest.mark.parametrize("across", [together, in_turn])
def test_signals_of_lanes_are_those_of_runs(across, case, runs):
    build, numbers, state, data = case
    function = jax.jit(over_lanes(diagnosis.look(build, []), 2, Layout(LANES, across, jax.devices()[:1])))
    found = np.asarray(function(numbers, state, STEP, data))
    assert found.dtype == np.float64
    np.testing.assert_allclose(found, runs, rtol=1e-9, atol=1e-12)
    assert len(np.unique(found[:, 0, 0])) == LANES


def test_the_order_of_an_epoch_is_drawn_under_one_condition_for_all_lanes(case):
    build, numbers, state, data = case
    # Were it one of each lane, all would sort in every look, and choose.
    function = over_lanes(diagnosis.look(build, []), 2, Layout(LANES, together, jax.devices()[:1]))
    equations = list(_equations(jax.make_jaxpr(function)(numbers, state, STEP, data).jaxpr))
    branches = [str(e.params["branches"]) for e in equations if e.primitive.name == "cond"]
    assert any("sort" in branch for branch in branches)
    assert "sort" not in {equation.primitive.name for equation in equations}


def _equations(jaxpr):
    """All but those inside of conditions."""
    for equation in jaxpr.eqns:
        yield equation
        for value in equation.params.values():
            inner = getattr(value, "jaxpr", value)
            if hasattr(inner, "eqns"):
                yield from _equations(inner)
