"""Lanes of one program equal the same runs made alone."""

import jax
import numpy as np
import pytest

from runner.backend import configure
from runner.composition import compose
from runner.experiment import as_arrays, blueprint, build_dataset, numbers_of
from runner.preparation import place_dataset, real
from runner.specs import specify
from runner.training import program
from runner.training.compilation import advance_lanes
from runner.training.lanes import Layout, alone, in_turn, over_lanes, together

pytestmark = pytest.mark.slow
LANES = 8
VARIED = [
    {
        "seed": lane,
        "optimizer.learning_rate": 1e-3 * (1 + lane),
        "regularizer.dropout": 0.05 * (1 + lane),
        "regularizer.l2": 1e-5 * (1 + lane),
        "loss.label_smoothing": 0.02 * (1 + lane),
    }
    for lane in range(LANES)
]
MODELS = {
    "mlp": ["model=mlp", "model.hidden=[32,16]"],
    "cnn_batch_norm": [
        "model=cnn",
        "model.width=4",
        "model.depth=1",
        "model.hidden=[16]",
        "normalization=batch",
    ],
    "concat_with_a_frozen_branch": [
        "model=concat",
        "~model.branches.convolutional",
        "model.branches.dense.hidden=[16]",
        "model.branches.dense.frozen=true",
        "+model@model.branches.other=mlp",
        "model.branches.other.hidden=[16]",
    ],
}


@pytest.fixture
def restored_precision():
    yield
    jax.config.update("jax_enable_x64", False)


@pytest.mark.parametrize("model", MODELS)
def test_ten_steps_in_float32(model):
    _assert_alike(MODELS[model], "float32", 10, 1e-5)


@pytest.mark.parametrize("model", MODELS)
def test_an_epoch_in_float64(model, restored_precision):
    _assert_alike(MODELS[model], "float64", 22, 1e-9)


def _assert_alike(model, precision, steps, tolerance):
    """The losses of each step and the final parameters, of all lanes in one program and of each alone."""
    overrides = ["regularizer=[l2,dropout]", "loss.label_smoothing=0.1", f"precision={precision}", *model]
    # Standardized, the pixels that are 0 in every image are constants that batch normalization subtracts: the
    # gradient of their weights is rounding noise, which Adam divides by its own size.
    config = compose([*overrides, "preprocessing=none", "diagnostics=off"])
    configure(config)
    dataset = build_dataset(config)
    data = place_dataset(config, dataset)
    numbers = numbers_of(config, 660)
    build = blueprint(config, specify(dataset), numbers).build
    runs = [as_arrays([{**numbers, **varied}], real(config)) for varied in VARIED]
    all_of_them = {key: np.concatenate([run[key] for run in runs]) for key in numbers}
    singles = _alone(_programs(build, alone()), runs, data, steps)
    for across in (together, in_turn):
        lanes = _programs(build, Layout(LANES, across, jax.devices()[:1]))
        _assert_close(_run(lanes, all_of_them, data, steps), singles, tolerance)


def _programs(build, layout):
    start = over_lanes(program.start(build), 1, layout)
    return jax.jit(start), jax.jit(advance_lanes(program.advance(build), layout), donate_argnums=1)


def _alone(programs, runs, data, steps):
    results = [_run(programs, run, data, steps) for run in runs]
    return jax.tree.map(lambda *leaves: np.concatenate(leaves), *results)


def _run(programs, numbers, data, steps):
    start, advance = programs
    state, losses = start(numbers, data), []
    for step in range(steps):
        first, count = np.int32(step), np.int32(1)
        state, record = advance(numbers, state, first, count, np.bool_(True), data)
        losses.append(np.asarray(record.scalars["train/loss"]))
    return {
        "losses": np.stack(losses, axis=1),
        "parameters": [np.asarray(leaf) for leaf in jax.tree.leaves(state.model) if leaf.ndim >= 2],
    }


def _assert_close(lanes, alone, tolerance):
    np.testing.assert_allclose(lanes["losses"], alone["losses"], rtol=tolerance)
    assert len(np.unique(lanes["losses"][:, -1])) == LANES
    largest = max(np.max(np.abs(theirs)) for theirs in alone["parameters"])
    for ours, theirs in zip(lanes["parameters"], alone["parameters"], strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=tolerance, atol=tolerance * largest)
