"""Looking at steps changes no bit of training, and what is seen depends on no chunk, checkpoint or lane."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from runner import checkpoints
from runner.composition import compose
from runner.diagnostics.averages import averages
from runner.experiment import as_arrays
from runner.preparation import Lane, Prepared, gather, prepare, real, with_inputs
from runner.states import initial_state, restored_state
from runner.training import loop, program
from runner.training.compilation import advance_lanes
from runner.training.lanes import alone, over_lanes
from runner.training.step import GRADIENT_NORM, LARGEST_NORM, add_up, mean

STEPS, EVERY = 20, 3
SMALL = [
    "model.hidden=[8,8]",
    "normalization=batch",
    "regularizer=[l2,dropout]",
    "batch_size=16",
    "dataset.subset=64",
]
LENGTH = [f"steps={STEPS}", "eval_every=5"]
FULL = ["diagnostics=full", f"diagnostics.every={EVERY}", "diagnostics.histograms=null"]


class Recorder:
    """An observer that keeps what it sees; ends at a step, if one is given."""

    def __init__(self, ends: int | None = None) -> None:
        self.ends, self.signals, self.steps, self.state = ends, {}, [], None

    def begin(self, signals) -> None:
        self.signals[0] = np.asarray(signals[0])

    def observe(self, chunk: loop.Chunk) -> bool:
        self.steps.append(chunk.step)
        if chunk.verdict is not None:
            self.signals[chunk.step] = None if chunk.signals is None else np.asarray(chunk.signals[0])
        return False

    def wants_state(self, step: int) -> bool:
        return step == self.ends

    def keep(self, step: int, state) -> bool:
        self.state = checkpoints.flatten(state, "state")
        return True


class Fixed:
    """A pace of chunks of one length."""

    length = 1

    def __init__(self, seconds: float) -> None:
        self.steps = self.length

    def finish(self, step, count, record, signals, verdict):
        return loop.Chunk(step, *jax.device_get((record, signals, verdict)), 0.0, 0.0)


def train(prepared: Prepared, state=None, first=0, ends=None):
    recorder = Recorder(ends)
    started = initial_state(prepared) if state is None else state
    plan, programs = prepared.material.plan, prepared.programs
    state = loop.train(
        programs, prepared.numbers, started, prepared.supply, plan, first, plan.total, prepared.val, recorder
    )
    return checkpoints.flatten(state, "state"), recorder


@pytest.fixture(scope="module")
def looking() -> Prepared:
    return prepare(compose([*SMALL, *LENGTH, *FULL]))


@pytest.fixture(scope="module")
def looked(looking):
    return train(looking)


def test_training_is_the_same_bits_without(looked):
    state, recorder = train(prepare(compose([*SMALL, *LENGTH, "diagnostics=off"])))
    assert recorder.signals == dict.fromkeys((5, 10, 15, 20))
    assert looked[0].keys() - state.keys() == {"state.signals"}
    for name, array in state.items():
        np.testing.assert_array_equal(array, looked[0][name], err_msg=name)


@pytest.mark.parametrize("model", ["cnn", "rnn"])
def test_the_program_that_trains_is_the_same_whatever_is_looked_at(model):
    found = {_text(f"diagnostics={option}", f"model={model}") for option in ("off", "basic", "full")}
    assert len(found) == 1


def _text(*overrides: str) -> str:
    config = compose(["dataset.subset=64", "batch_size=16", *overrides])
    material = gather(config)

    def lowered(lane: Lane) -> str:
        numbers, data, step = as_arrays([lane.inputs], real(config)), material.data, np.int32(0)
        state = jax.eval_shape(over_lanes(program.start(lane.build), 1, alone()), numbers, data)
        advance = jax.jit(advance_lanes(program.advance(lane.build), alone()))
        return advance.lower(numbers, state, step, step, np.bool_(True), data).as_text()

    return with_inputs(config, material.spec, 100, lowered, lowered)


def test_an_average_is_over_the_steps_looked_at(looking, looked):
    # Looks come before steps 1, 4, 7, 10, 13, 16 and 19; the first is a record, others wait for evaluations.
    counts = {step: sums[1][0] for step, sums in looked[1].signals.items()}
    assert counts == {0: 1, 5: 1, 10: 2, 15: 1, 20: 2}
    tag = looking.programs.looks.tags.index("gradient_norm/dense.logits")
    found = averages(looking.programs.looks.tags, looked[1].signals[10])
    first, second = (_alone(looking, step)[0][tag] for step in (6, 9))
    assert found["gradient_norm/dense.logits"] == pytest.approx((first + second) / 2, rel=1e-6)


def test_the_norm_of_a_step_is_that_of_its_layers(looking):
    looked = dict(zip(looking.programs.looks.tags, _alone(looking, 0)[0], strict=True))
    begin = np.int32(0), np.int32(1), np.bool_(True)
    _, record = looking.programs.advance(looking.numbers, initial_state(looking), *begin, looking.data)
    layers = [norm for tag, norm in looked.items() if tag.startswith("gradient_norm/")]
    assert len(layers) == 3
    assert record.scalars[GRADIENT_NORM][0] == pytest.approx(np.linalg.norm(layers), rel=1e-5)


def test_of_several_steps_the_largest_norm_is_kept_and_the_mean_of_all(looking):
    state, norms = initial_state(looking), []
    for step in range(5):
        begin = np.int32(step), np.int32(1), np.bool_(True)
        state, record = looking.programs.advance(looking.numbers, state, *begin, looking.data)
        norms.append(float(record.scalars[GRADIENT_NORM][0]))
    begin = np.int32(0), np.int32(5), np.bool_(True)
    _, record = looking.programs.advance(looking.numbers, initial_state(looking), *begin, looking.data)
    assert record.scalars[LARGEST_NORM][0] == pytest.approx(max(norms), rel=1e-6)
    assert mean(GRADIENT_NORM, float(record.scalars[GRADIENT_NORM][0]), 5) == pytest.approx(
        np.mean(norms), rel=1e-6
    )


def test_a_norm_that_is_not_finite_is_no_burst():
    totals = {GRADIENT_NORM: jnp.float32(1), LARGEST_NORM: jnp.float32(2)}
    for norm in (np.inf, np.nan):
        scalars = {GRADIENT_NORM: jnp.float32(1), LARGEST_NORM: jnp.float32(norm)}
        assert add_up(totals, scalars)[LARGEST_NORM] == 2
    assert mean(LARGEST_NORM, 2.0, 5) == 2.0


def _alone(looking: Prepared, step: int) -> np.ndarray:
    """The sums of one look before a step, after steps in one chunk."""
    state = initial_state(looking)
    if step:
        begin = np.int32(0), np.int32(step), np.bool_(True)
        state, _ = looking.programs.advance(looking.numbers, state, *begin, looking.data)
    return np.asarray(looking.programs.looks.take(looking.numbers, state, step, True, looking.data).signals)[
        0
    ]


def test_an_interval_without_a_look_has_no_signals(looking):
    rarely = looking._replace(
        material=looking.material._replace(plan=looking.material.plan._replace(look_every=10))
    )
    _, recorder = train(rarely)
    assert {step: sums is not None for step, sums in recorder.signals.items()} == {
        0: True,
        5: False,
        10: False,
        15: True,
        20: False,
    }


@pytest.mark.parametrize("length", [1, 4])
def test_chunks_change_no_bit(length, looking, looked, monkeypatch):
    monkeypatch.setattr(loop, "_Pace", Fixed)
    monkeypatch.setattr(Fixed, "length", length)
    state, recorder = train(looking)
    assert len(recorder.steps) > len(looked[1].steps) or length > 1
    _assert_same(state, recorder, looked)


@pytest.mark.parametrize("at", [4, 10, 13])
def test_a_checkpoint_between_two_looks_changes_no_bit(at, looking, looked, monkeypatch):
    monkeypatch.setattr(loop, "_Pace", Fixed)
    _, before = train(looking, ends=at)
    state, after = train(looking, restored_state(looking, before.state), at)
    after.signals = before.signals | after.signals
    _assert_same(state, after, looked)


def _assert_same(state, recorder, looked):
    assert recorder.signals.keys() == looked[1].signals.keys()
    for step, sums in recorder.signals.items():
        np.testing.assert_array_equal(sums, looked[1].signals[step])
    for name, array in state.items():
        np.testing.assert_array_equal(array, looked[0][name], err_msg=name)
