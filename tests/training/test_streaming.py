"""A window has what its steps and batches need, and few of them lie in memory."""

from types import SimpleNamespace

import jax
import numpy as np
import pytest

from runner.data.sampling import balanced, shuffle
from runner.training.batches import Data, Indices, epoch_order, place
from runner.training.lanes import Layout, share, together
from runner.training.plan import Plan
from runner.training.streaming import Stream
from runner.training.windows import WINDOWS

EXAMPLES, TRAIN, BATCH, LANES = 200, 130, 4, 3
PLAN = Plan(total=50, per_epoch=TRAIN // BATCH, eval_every=20, log_every=7)
VAL = Indices(np.arange(130, 160, dtype=np.int32).reshape(-1, 5), np.int32(23))
NUMBERS = {"seed": np.arange(LANES, dtype=np.int32)}


class Reading:
    """Reads inputs that are their own indices, and counts them."""

    def __init__(self) -> None:
        self.counts: list[int] = []

    def __call__(self, examples: np.ndarray, into: np.ndarray) -> None:
        assert (np.diff(examples) > 0).all()
        self.counts.append(len(examples))
        into[:] = -1
        into[: len(examples)] = examples[:, None]


def build(sampler):
    return lambda numbers: SimpleNamespace(key=jax.random.key(numbers["seed"]), sampler=sampler)


def small_data() -> Data:
    targets = np.arange(EXAMPLES, dtype=np.int32) % 7
    train, rows = np.arange(TRAIN, dtype=np.int32), np.zeros(EXAMPLES, np.int32)
    return place(np.zeros((1, 1), np.int32), targets, train, 1.0, (), "float32", rows)


def stream(rows: int, read, sampler=shuffle) -> Stream:
    layout = Layout(LANES, together, jax.devices()[:1])
    return Stream(build(sampler), share(small_data(), layout), read, rows, BATCH, layout)


def assert_has(data: Data, examples: np.ndarray) -> None:
    assert data.rows is not None
    np.testing.assert_array_equal(np.asarray(data.inputs)[np.asarray(data.rows)[examples], 0], examples)


@pytest.mark.parametrize(("sampler", "first"), [(shuffle, 13), (balanced, 0)])
def test_each_window_has_what_it_is_for(sampler, first, rows=41):
    orders = {
        (lane, epoch): np.asarray(epoch_order(build(sampler)({"seed": lane}), small_data(), epoch))
        for lane in range(LANES)
        for epoch in range(2)
    }
    step, reading, evaluations = first, Reading(), 0
    with stream(rows, reading, sampler).course(NUMBERS, PLAN, first, PLAN.total, VAL) as course:
        while step < PLAN.total:
            count, data = course.steps(step, 6)
            assert 1 <= count <= 6 and data.inputs.shape == (rows, 1)
            for taken in range(step, step + count):
                epoch, position = divmod(taken, PLAN.per_epoch)
                for lane in range(LANES):
                    assert_has(data, orders[lane, epoch][position * BATCH : (position + 1) * BATCH])
            step += count
            if PLAN.evaluates(step):
                done = 0
                for window in course.evaluation():
                    assert window.first == done and window.data.inputs.shape == (rows, 1)
                    assert_has(window.data, VAL.padded[window.first : window.last].ravel())
                    done = window.last
                assert done == 5, "of six batches the last has no example that counts"
                evaluations += 1
    assert evaluations == 3 and max(reading.counts) <= rows


def test_no_more_than_three_windows_lie_in_memory():
    rows, step, most = 37, 0, 0
    with stream(rows, Reading()).course(NUMBERS, PLAN, 0, PLAN.total, VAL) as course:
        while step < PLAN.total:
            count, data = course.steps(step, 6)
            step += count
            if PLAN.evaluates(step):
                for _ in course.evaluation():
                    most = max(most, windows_alive(rows))
            most = max(most, windows_alive(rows))
            del data
    assert 2 <= most <= WINDOWS == 3


def windows_alive(rows: int) -> int:
    return sum(array.shape == (rows, 1) for array in jax.live_arrays())


def test_what_cannot_be_read_is_told_where_it_is_needed():
    def read(examples, into):
        if 100 in examples:
            raise ValueError("broken")

    with stream(20, read).course(NUMBERS, PLAN, 0, PLAN.total, VAL) as course:
        step, served = 0, 0
        with pytest.raises(ValueError, match="broken"):
            while step < PLAN.total:
                step += course.steps(step, 6)[0]
                served += 1
    assert served > 0


def test_a_course_that_ends_early_reads_no_further():
    reading = Reading()
    with stream(20, reading).course(NUMBERS, PLAN, 0, PLAN.total, VAL) as course:
        course.steps(0, 6)
    assert len(reading.counts) <= 2
