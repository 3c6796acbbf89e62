"""What short trainings came to, judged."""

import numpy as np
import pytest

from runner.doctor.learning.baselines import check_baselines, explained_variance, linear_score
from runner.doctor.learning.course import Course
from runner.doctor.learning.overfit import check_overfit, handful
from runner.doctor.learning.shuffled import check_shuffled, grouped, rehearsed, shuffle_targets

RANDOM = np.random.default_rng(0)
STUCK, FALLING, DONE = [2.3, 2.3, 2.3, 2.3], [2.3, 2.0, 1.5, 1.0], [2.3, 0.1]


def _course(losses, learned=0.0, outputs=None, diverged=-1):
    steps = [20 * (place + 1) for place in range(len(losses))]
    found = np.zeros((1, 1)) if outputs is None else outputs
    return Course(steps, losses, {}, {"accuracy": learned}, found, diverged, None)


def _overfit(**by_factor):
    def train(factor):
        return by_factor.get(f"x{factor:g}".replace(".", "_"), _course(STUCK))

    return check_overfit(32, lambda course: course.watched["accuracy"], 0.96, train, 1e-3)


def _named(checked):
    return [(found.name, found.severity, found.suggestion) for found in checked.findings]


def test_what_learns_by_heart_is_fine():
    assert _overfit(x1=_course(DONE, 1.0)).verdict == "ok"


def test_what_is_stuck_is_a_problem_with_the_rate_that_cures_it():
    assert _named(_overfit(x10=_course(DONE, 1.0))) == [
        ("cannot_overfit", "problem", "optimizer.learning_rate=0.01")
    ]
    assert _named(_overfit()) == [("cannot_overfit", "problem", None)]
    diverged = _overfit(x1=_course(STUCK, diverged=7), x0_1=_course(DONE, 1.0))
    assert _named(diverged) == [("cannot_overfit", "problem", "optimizer.learning_rate=0.0001")]


def test_what_still_learns_is_only_remarked():
    assert _named(_overfit(x1=_course(FALLING, 0.5))) == [("cannot_overfit", "remark", None)]


def test_a_handful_is_different_examples_of_each_class():
    targets = np.repeat([0, 1, 2], 20)
    content = np.arange(60)
    content[:10] = 0
    chosen = handful(np.arange(60), content, targets, 1000)
    assert len(set(content[chosen])) == 32
    assert np.bincount(targets[chosen]).tolist() == [11, 11, 10]
    assert len(handful(np.arange(60), content, targets, 12)) == 6


@pytest.mark.parametrize(
    "score, losses, name",
    [
        (0.95, DONE, None),
        (0.11, STUCK, ("not_learning", "problem")),
        (0.11, FALLING, ("not_learning", "remark")),
        (0.6, STUCK, ("worse_than_linear", "warning")),
        (0.6, FALLING, ("worse_than_linear", "remark")),
    ],
)
def test_a_short_training_beside_no_training(score, losses, name):
    checked = check_baselines(_course(losses), score, 0.9, 0.1, 200, is_linear=False)
    assert [found[:2] for found in _named(checked)] == ([] if name is None else [name])


def test_a_linear_model_is_not_compared_with_itself():
    assert check_baselines(_course(STUCK), 0.6, 0.9, 0.1, 200, is_linear=True).verdict == "ok"


def test_a_training_that_diverged_is_named():
    checked = check_baselines(_course(STUCK, diverged=14), 0.9, 0.9, 0.1, 200, is_linear=False)
    assert (checked.findings[0].name, checked.findings[0].since) == ("diverged", 14)


def test_the_linear_model_is_fitted_to_train_and_scored_on_val():
    inputs = RANDOM.normal(size=(300, 4))
    train, val = np.arange(200), np.arange(200, 300)
    assert linear_score(inputs, (inputs[:, 0] > 0).astype(int), train, val) > 0.95
    assert linear_score(inputs, inputs[:, :2] * 3 + 100, train, val) > 0.99
    assert linear_score(inputs, RANDOM.normal(size=(300, 1)), train, val) < 0.1


def test_explained_variance_is_that_of_scikit_learn():
    metrics = pytest.importorskip("sklearn.metrics")
    outputs, targets = RANDOM.normal(size=(2, 50, 1))
    assert explained_variance(outputs, targets) == pytest.approx(metrics.r2_score(targets, outputs))


def test_shuffled_targets_keep_their_counts_and_stay_with_their_group():
    targets, groups = RANDOM.integers(0, 5, 1000), np.arange(1000)
    shuffled = shuffle_targets(targets, groups)
    assert np.bincount(shuffled).tolist() == np.bincount(targets).tolist()
    assert (shuffled == targets).mean() < 0.3
    groups[500:600] = groups[:100]
    shuffled = shuffle_targets(targets, groups)
    assert (shuffled[500:600] == shuffled[:100]).all()


def test_near_copies_are_of_one_group():
    groups = grouped(np.array([0, 1, 0, 2]), (np.array([2]), np.array([3])))
    assert groups.tolist() == [2, 1, 2, 2]


def test_examples_with_a_copy_in_val_are_rehearsed_first():
    groups = np.array([0, 1, 2, 3, 3, 0])
    assert rehearsed(np.array([1, 2, 3, 0]), np.array([4, 5]), groups).tolist() == [3, 0, 1, 2]


def test_knowing_what_cannot_be_known_is_a_leak():
    labels = RANDOM.integers(0, 10, 200)
    guesses, known = np.eye(10)[RANDOM.integers(0, 10, 200)], np.eye(10)[labels]
    assert check_shuffled(_course(DONE, outputs=guesses), labels).verdict == "ok"
    some = np.where(np.arange(200)[:, None] < 60, known, guesses)
    checked = check_shuffled(_course(DONE, outputs=some), labels)
    assert [found[:2] for found in _named(checked)] == [("leak", "problem")]


def test_so_it_is_for_numbers():
    numbers = RANDOM.normal(size=(100, 1))
    assert check_shuffled(_course(DONE, outputs=RANDOM.normal(size=(100, 1))), numbers).verdict == "ok"
    assert check_shuffled(_course(DONE, outputs=numbers + 1), numbers).verdict == "problem"
