"""The strengths of regularizers are inputs: lanes that differ in them equal the same runs made alone."""

import jax
import numpy as np
import pytest

from runner.composition import compose
from runner.errors import ConfigError
from runner.experiment import as_arrays, blueprint, numbers_of
from runner.specs import Spec
from runner.training import program
from runner.training.batches import place
from runner.training.compilation import advance_lanes
from runner.training.lanes import Layout, alone, over_lanes, together

SPEC = Spec((4, 4, 1), 3, tuple("abc"), 1.0, 40)
STRENGTHS = {
    "regularizer.l0": 1e-4,
    "regularizer.l1": 1e-3,
    "regularizer.l2": 1e-3,
    "regularizer.nuclear": 1e-2,
    "regularizer.max_norm": 1.1,
}
SMALL = ["model=mlp", "model.hidden=[5]", "batch_size=20"]


@pytest.fixture
def in_float64():
    with jax.enable_x64(True):
        yield


@pytest.mark.parametrize("modes", ["proximal", "penalty"])
def test_strengths_are_lanes(modes, in_float64):
    forms = [f"regularizer.l1_mode={modes}", f"regularizer.nuclear_mode={modes}"]
    config = compose([*SMALL, *forms, *(f"{key}={value}" for key, value in STRENGTHS.items())])
    config.precision = "float64"
    random = np.random.default_rng(0)
    inputs, targets = random.normal(size=(40, 4, 4, 1)), random.integers(0, 3, 40)
    data = place(inputs, targets, np.arange(40, dtype=np.int32), 1.0, (), "float64")
    numbers = numbers_of(config, 6)
    assert STRENGTHS.keys() <= numbers.keys()
    build = blueprint(config, SPEC, numbers).build
    varied = [numbers, {**numbers, **{key: 1.3 * value for key, value in STRENGTHS.items()}}]
    runs = [as_arrays([one], "float64") for one in varied]
    both = {key: np.concatenate([run[key] for run in runs]) for key in numbers}
    lanes = _train(build, both, data, Layout(2, together, jax.devices()[:1]))
    singles = [_train(build, run, data, alone()) for run in runs]
    assert len(lanes) == len(singles[0])
    for ours, *theirs in zip(lanes, *singles, strict=True):
        np.testing.assert_allclose(ours, np.concatenate(theirs), rtol=1e-9, atol=1e-12)
    assert not np.allclose(lanes[0][0], lanes[0][1], rtol=1e-6)


def _train(build, numbers, data, layout):
    start = jax.jit(over_lanes(program.start(build), 1, layout))
    advance = jax.jit(advance_lanes(program.advance(build), layout))
    assess = jax.jit(over_lanes(program.assess(build), 2, layout))
    state, _ = advance(numbers, start(numbers, data), np.int32(0), np.int32(6), np.bool_(True), data)
    indices = np.arange(10, dtype=np.int32)[None]
    verdict = assess(numbers, state, np.int32(6), np.bool_(False), indices, np.int32(10), data).verdict
    assert verdict.weights.keys() == {
        f"regularizer/{name}" for name in ("zeros", "effective_rank", "weight_norm", "largest_norm")
    }
    weights = [leaf for leaf in jax.tree.leaves(state.model) if leaf.ndim >= 3]
    return [np.asarray(leaf) for leaf in (*weights, *verdict.weights.values())]


def parts_of(*overrides: str):
    return blueprint(compose([*SMALL, *overrides]), SPEC, ()).build({})


def test_what_is_off_is_not_there():
    parts = parts_of("regularizer.l1=0")
    assert (parts.penalties, parts.measures) == ({}, {})
    state = jax.eval_shape(lambda: parts.optimizer.init({"kernel": np.zeros((2, 2))}))
    assert "ProximalState" not in str(state)


@pytest.mark.parametrize("name", ["l1", "nuclear"])
def test_without_a_known_step_it_is_a_penalty(name):
    assert parts_of(f"regularizer.{name}=1e-3").penalties == {}
    assert list(parts_of(f"regularizer.{name}=1e-3", "optimizer.step_size=null").penalties) == [name]


@pytest.mark.parametrize(
    ("overrides", "hint"),
    [
        (["regularizer.l0=1e-3"], "regularizer.l0: its proximal step follows"),
        (["regularizer.l1=1e-3", "regularizer.l1_mode=proximal"], "or regularizer.l1_mode=penalty"),
        (["regularizer.nuclear=1e-3", "regularizer.nuclear_mode=proximal"], "or regularizer.nuclear_mode="),
    ],
)
def test_a_proximal_step_without_a_known_step_is_refused(overrides, hint):
    with pytest.raises(ConfigError, match=hint) as caught:
        parts_of(*overrides, "optimizer.step_size=null")
    assert "optax.adam has no step_size" in str(caught.value) and "\n" not in str(caught.value)
