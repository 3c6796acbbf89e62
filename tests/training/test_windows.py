"""What windows hold: enough for every step of every lane, never more than their rows."""

import numpy as np
import pytest

from runner.training.batches import Indices
from runner.training.plan import Plan
from runner.training.windows import WINDOW_BYTES, WINDOWS, Windows, rows_of

EXAMPLES, TRAIN, BATCH, LANES = 1000, 430, 10, 3
PLAN = Plan(total=150, per_epoch=TRAIN // BATCH, eval_every=20, log_every=7)
VAL = Indices(np.arange(500, 560, dtype=np.int32).reshape(-1, 12), np.int32(45))


def order_of(*seeds: int):
    """A shuffle a lane and epoch."""

    def order(epoch: int) -> np.ndarray:
        return np.stack([np.random.default_rng([seed, epoch]).permutation(TRAIN) for seed in seeds])

    return order


def windows(rows: int) -> Windows:
    return Windows(rows, EXAMPLES, np.arange(TRAIN), BATCH)


@pytest.mark.parametrize("first", [0, 13, 149])
@pytest.mark.parametrize("rows", [LANES * BATCH, 97, TRAIN - 1, TRAIN, EXAMPLES])
def test_every_step_finds_its_examples_and_every_evaluation_comes_when_it_is_due(rows, first):
    order, step, evaluations, batches = order_of(0, 1, 2), first, 0, 0
    for need in windows(rows).of_training(order, PLAN, first, PLAN.total, VAL):
        assert 0 < len(need.examples) <= rows and (np.diff(need.examples) > 0).all()
        if need.examples[0] >= TRAIN:
            assert PLAN.evaluates(step) and need.first == batches
            np.testing.assert_array_equal(need.examples, VAL.padded[need.first : need.last].ravel())
            batches = need.last % 4  # the fifth has no example that counts
            evaluations += need.last == 4
            continue
        assert (need.first, batches) == (step, 0) and need.last > need.first
        assert not any(PLAN.evaluates(before) for before in range(need.first + 1, need.last))
        for step in range(need.first, need.last):
            epoch, position = divmod(step, PLAN.per_epoch)
            visited = order(epoch)[:, position * BATCH : (position + 1) * BATCH]
            assert np.isin(visited, need.examples).all()
        step = need.last
    assert step == PLAN.total and evaluations == 8 - first // 20


def test_a_window_goes_as_far_as_its_rows_allow():
    rows, order = 97, order_of(0, 1, 2)
    needs = [need for need in windows(rows).of_training(order, PLAN, 0, 20, VAL) if need.examples[0] < TRAIN]
    for need in needs[:-1]:
        another = order(0)[:, need.last * BATCH : (need.last + 1) * BATCH]
        assert len(np.union1d(need.examples, another)) > rows


def test_lanes_that_visit_the_same_examples_need_fewer_windows():
    same, own = (
        [need.last for need in windows(60).of_training(order_of(*seeds), PLAN, 0, 19, VAL)]
        for seeds in ([0, 0, 0], [0, 1, 2])
    )
    assert same == [6, 12, 18, 19] and own == [2, 4, 6, 8, 10, 12, 14, 16, 18, 19]


def test_windows_are_as_large_as_fit_and_no_larger_than_is_of_use():
    assert rows_of(room=9000, each=10, least=5) == 9000 // WINDOWS // 10
    assert rows_of(room=0, each=10, least=5) == 5
    assert rows_of(room=10**12, each=10, least=5) == WINDOW_BYTES // 10
