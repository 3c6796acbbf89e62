"""Whether the model can learn a handful of examples by heart."""

from collections.abc import Callable, Sequence

import numpy as np

from runner.doctor.checked import Checked, finding
from runner.doctor.learning.course import Course
from runner.doctor.sample import AT_ONCE

EVERY = 20
LEARNED, EXPLAINED = 0.96, 0.8
"""The share of examples whose class is right, or of the targets' variance that is explained."""
FACTORS = (10.0, 0.1, 100.0, 0.01, 1000.0, 0.001, 10_000.0)
"""Other learning rates that are tried where the config's own cannot."""


def handful(candidates: np.ndarray, content: np.ndarray, targets: np.ndarray, parameters: int) -> np.ndarray:
    """Different examples, of each class in turn: as many as a model of so few parameters can learn.

    Args:
        candidates: training examples, int [n].
        content: of all examples, equal where the examples are.
        targets: of all examples, classes [N] or numbers [N, k].
        parameters: of the model, for each of its outputs.
    """
    _, first = np.unique(content[candidates], return_index=True)
    different = candidates[np.sort(first)]
    labels = targets[different] if targets.ndim == 1 else np.zeros(len(different), int)
    rank = np.zeros(len(different), int)
    for label in np.unique(labels):
        rank[labels == label] = np.arange((labels == label).sum())
    count = int(np.clip(parameters // 2, 2, AT_ONCE))
    return different[np.lexsort((labels, rank))][:count]


def check_overfit(
    count: int,
    explained: Callable[[Course], float],
    threshold: float,
    train: Callable[[float], Course],
    rate: float,
) -> Checked:
    """Whether so many examples can be learned by heart; where not, whether another learning rate could.

    Args:
        count: how many examples.
        explained: how much of them a training has learned, 0 to 1.
        threshold: how much is all.
        train: trains on them at a multiple of the learning rate.
        rate: the learning rate of the config.
    """
    course = train(1.0)
    learned = explained(course)
    said = f"{count} examples in {course.done} steps: {100 * learned:.0f} % learned"
    if learned >= threshold:
        return Checked(said)
    numbers = {"learned": learned, "steps": course.done, "loss": course.losses[-1]}
    if course.diverged < 0 and course.still_falling:
        sentence = f"{said}, and the loss still falls: it learns, but slowly"
        return Checked(
            said, [finding("cannot_overfit", "remark", "learning", sentence, None, course.done, **numbers)]
        )
    reason = (
        f"the loss is not finite from step {course.diverged}" if course.diverged >= 0 else "the loss is stuck"
    )
    cure = _cure(explained, threshold, train, FACTORS)
    tried = f"at {cure:g} times the learning rate it can" if cure else "nor can it at other learning rates"
    suggestion = f"optimizer.learning_rate={rate * cure:.3g}" if cure else None
    sentence = f"{said}; {reason}; {tried}"
    return Checked(
        said, [finding("cannot_overfit", "problem", "learning", sentence, suggestion, course.done, **numbers)]
    )


def _cure(
    explained: Callable[[Course], float],
    threshold: float,
    train: Callable[[float], Course],
    factors: Sequence[float],
) -> float | None:
    return next((factor for factor in factors if explained(train(factor)) >= threshold), None)
