"""Cadences against a loop that counts."""

import itertools

import pytest

from runner.training.plan import Plan


@pytest.mark.parametrize(
    ("total", "evaluate", "log"), [*itertools.product([1, 7, 20], [1, 3, 7, 50], [1, 2, 5])]
)
def test_it_is_what_counting_finds(total, evaluate, log):
    plan = Plan(total, 4, evaluate, log)
    evaluated = [step for step in range(1, total + 1) if step % evaluate == 0 or step == total]
    recorded = sorted({*evaluated, *range(log, total + 1, log)})
    assert [step for step in range(1, total + 1) if plan.evaluates(step)] == evaluated
    assert [step for step in range(1, total + 1) if plan.records(step)] == recorded
    for step in range(total):
        assert plan.next_record(step) == min(later for later in recorded if later > step)
    for step in range(1, total + 1):
        assert plan.last_record(step) == max((earlier for earlier in recorded if earlier < step), default=0)


def test_epochs_are_counted_in_steps():
    assert Plan(10, 4, 4, 4).epoch(6) == 1.5
