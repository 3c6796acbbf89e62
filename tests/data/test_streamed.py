"""Streamed inputs are read as arrays are indexed; their size decides whether they stay streamed."""

from dataclasses import replace

import numpy as np
import pytest

from runner.contracts import checked_source
from runner.data import reading
from runner.data.dataset import DataError, Source
from runner.data.holding import FITTED_BYTES, MOST_FITTED, hold
from runner.data.reading import blocks, fill, taken, whole
from runner.data.splits import split
from runner.data.streamed import Streamed, joined
from runner.errors import ConfigError

COMMON = {"split_seed": 0, "subset": None, "label_noise": 0.0, "val_fraction": 0.1, "test_fraction": 0.1}
NUMBERS = np.random.default_rng(0).normal(size=(1000, 3)).astype(np.float32)


def streamed(array: np.ndarray, origin: str = "here") -> Streamed:
    return Streamed(array.shape, array.dtype, lambda examples: array[examples], lambda: origin)


def source(inputs, test=None) -> Source:
    labels = np.arange(len(inputs), dtype=np.int32) % 4
    tested = None if test is None else (test, np.zeros(len(test), np.int32))
    return Source(inputs, labels, tuple("abcd"), 1.0, tested)


@pytest.fixture
def small_blocks(monkeypatch):
    monkeypatch.setattr(reading, "BLOCK_BYTES", 7 * NUMBERS[0].nbytes)


def test_any_examples_in_any_order_are_those_of_the_array(small_blocks):
    examples = np.random.default_rng(1).permutation(1000)[:100]
    inputs, into = streamed(NUMBERS), np.full((120, 3), 7.0)
    assert [len(block) for block in blocks(inputs, examples)] == [7] * 14 + [2]
    np.testing.assert_array_equal(taken(inputs, examples), NUMBERS[examples])
    np.testing.assert_array_equal(taken(NUMBERS, examples), NUMBERS[examples])
    np.testing.assert_array_equal(whole(inputs), NUMBERS)
    fill(inputs, examples, into)
    np.testing.assert_array_equal(into, np.concatenate([NUMBERS[examples], np.full((20, 3), 7.0)]))
    assert taken(inputs, examples[:0]).shape == (0, 3)


def test_two_parts_are_one(small_blocks):
    inputs = joined(streamed(NUMBERS[:400], "a"), streamed(NUMBERS[400:], "b"))
    assert isinstance(inputs, Streamed) and inputs.shape == (1000, 3) and inputs.origin() == "a\nb"
    np.testing.assert_array_equal(whole(inputs), NUMBERS)
    np.testing.assert_array_equal(inputs[np.array([399, 400, 2])], NUMBERS[[399, 400, 2]])
    np.testing.assert_array_equal(joined(NUMBERS[:400], NUMBERS[400:]), NUMBERS)


def test_the_first_that_cannot_be_used_is_named(small_blocks):
    spoilt = NUMBERS.copy()
    spoilt[123, 1] = np.nan
    ragged = Streamed((5, 3), NUMBERS.dtype, lambda examples: NUMBERS[examples][:, :2], str)
    for inputs, said in [
        (streamed(spoilt), r"inputs\[123, 1\] is nan, expected a finite number"),
        (ragged, r"inputs\[0\] and those after it are \(5, 2\), expected \(5, 3\)"),
    ]:
        for read in (whole, lambda inputs: taken(inputs, np.arange(len(inputs)))):
            with pytest.raises(DataError, match=said):
                read(inputs)


def test_what_fits_is_held_in_memory_and_is_as_if_it_always_had_been(small_blocks):
    found, plain = (
        split(source(*parts), **COMMON)
        for parts in ((streamed(NUMBERS[:800]), streamed(NUMBERS[800:])), (NUMBERS[:800], NUMBERS[800:]))
    )
    for memory, room in [(None, NUMBERS.nbytes), (NUMBERS.nbytes / 1e9, 0)]:
        held = hold(found, memory, room, 0)
        np.testing.assert_array_equal(held.inputs, NUMBERS)
        assert held.fingerprint == plain.fingerprint and held.notes == ()
    assert hold(plain, None, 0, 0) is plain
    with pytest.raises(DataError, match=r"dataset\.memory=0: this data set is always held in memory"):
        hold(plain, 0.0, 0, 0)


def test_what_does_not_fit_stays_streamed_and_says_so():
    found = split(source(streamed(NUMBERS)), **COMMON)
    for memory, room in [(None, NUMBERS.nbytes - 1), (0.0, 10**9)]:
        held = hold(found, memory, room, 0)
        assert isinstance(held.inputs, Streamed) and held.room == (room if memory is None else 0)
        assert held.notes == (
            f"streamed: the inputs take 1.2e-05 GB, and dataset.memory is {held.room / 1e9:.3g} GB",
        )
        np.testing.assert_array_equal(held.fitted, held.train)


@pytest.mark.parametrize(("row", "most"), [(1, MOST_FITTED), (2**20, FITTED_BYTES // 2**20)])
def test_preprocessing_is_fitted_to_a_sample_that_its_seed_fixes(row, most):
    inputs = Streamed((20_000, row), np.dtype(np.uint8), lambda examples: np.zeros(1), lambda: "")
    found = split(source(inputs), **COMMON)
    first, again, other = (hold(found, 0.0, 0, seed).fitted for seed in (0, 0, 1))
    assert first is not None and other is not None
    np.testing.assert_array_equal(first, again)
    assert len(first) == most and not np.array_equal(first, other)
    assert set(first) < set(found.train) and (np.diff(first) > 0).all()
    said = f"preprocessing sees a sample: {most} of 16000 training examples"
    assert hold(found, 0.0, 0, 0).notes[-1] == said


def test_a_fingerprint_tells_apart_what_they_are_read_from():
    sets = [split(source(streamed(NUMBERS, origin)), **COMMON) for origin in ("here", "here", "there")]
    first, again, other = (found.fingerprint for found in sets)
    assert first == again != other
    assert first != split(source(streamed(NUMBERS)), **COMMON | {"split_seed": 1}).fingerprint


def test_two_features_that_are_streamed_are_drawn_nowhere():
    found = split(source(NUMBERS[:, :2]), **COMMON)
    assert found.plane is not None and replace(found, inputs=streamed(NUMBERS[:, :2])).plane is None


@pytest.mark.parametrize(
    ("test", "said"), [(NUMBERS, "one is streamed and one is not"), (streamed(NUMBERS[:, :2]), "do not fit")]
)
def test_a_test_set_is_streamed_too(test, said):
    with pytest.raises(ConfigError, match=said):
        checked_source(source(streamed(NUMBERS), test))
    assert checked_source(source(streamed(NUMBERS), streamed(NUMBERS)))
