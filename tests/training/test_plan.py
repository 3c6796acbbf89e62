"""Cadences against a loop that counts."""

import itertools

import pytest

from runner.training.plan import PICTURES, Plan


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


@pytest.mark.parametrize(("evaluate", "look"), [*itertools.product([3, 7, 20], [1, 2, 5, 9, 40])])
def test_looks_are_what_counting_finds(evaluate, look):
    total = 41
    plan = Plan(total, 4, evaluate, evaluate, look)
    looks = list(range(0, total, look))
    assert [step for step in range(total) if plan.looks(step)] == looks
    for step in range(total):
        assert plan.next_look(step) == min(
            (later for later in looks if later > step), default=plan.next_look(step)
        )
    for step in range(1, total + 1):
        since = max((earlier for earlier in range(0, step, evaluate)), default=0)
        assert plan.looked(step) == any(since <= at < step for at in looks if at > 0)


def test_without_diagnostics_nothing_is_looked_at():
    plan = Plan(10, 4, 4, 4)
    assert not any(plan.looks(step) or plan.looked(step) or plan.counts(step) for step in range(11))
    assert plan.next_look(3) >= 10


@pytest.mark.parametrize(
    ("evaluate", "count", "expected"),
    [(5, 20, [5, 20, 40, 60, 80]), (7, 20, [7, 21, 42, 63, 84]), (30, 10, [30, 60, 90]), (100, 10, [])],
)
def test_numbers_are_counted_at_the_evaluation_that_follows(evaluate, count, expected):
    plan = Plan(100, 4, evaluate, evaluate, None, count)
    assert [step for step in range(1, 101) if plan.counts(step)] == expected


@pytest.mark.parametrize(("total", "evaluate"), [(100, 5), (100, 30), (660, 22), (8, 1)])
def test_a_network_is_drawn_about_eight_times_at_evaluations(total, evaluate):
    plan = Plan(total, 4, evaluate, evaluate)
    drawn = [step for step in range(1, total + 1) if plan.draws(step)]
    assert all(plan.evaluates(step) for step in drawn) and total not in drawn
    assert min(PICTURES - 1, total // evaluate - 1) <= len(drawn) <= 2 * PICTURES


def test_epochs_are_counted_in_steps():
    assert Plan(10, 4, 4, 4).epoch(6) == 1.5


def test_a_run_is_judged_ever_more_rarely():
    plan = Plan(total=1000, per_epoch=10, eval_every=10, log_every=5)
    assert [step for step in range(1, 1001) if plan.reviews(step)] == [80, 160, 320, 640]
