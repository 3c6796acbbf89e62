"""Whether a short training beats what needs none."""

import math

import numpy as np

from runner.diagnostics.findings import Finding, Severity
from runner.doctor.checked import Checked, finding
from runner.doctor.labels.kernels import standardised
from runner.doctor.learning.course import Course
from runner.doctor.ridge import fit_ridge

EVERY = 50
DEVIATIONS = 3.0
"""Standard errors by which a score must be better, or worse, than another."""
COLUMNS = 1_000
"""Features of the linear model; more are projected at random."""


def linear_score(inputs: np.ndarray, targets: np.ndarray, trained: np.ndarray, val: np.ndarray) -> float:
    """The score on val of ridge regression on the raw inputs, fitted to the examples `trained`.

    Args:
        inputs: of all examples, [N, ...].
        targets: classes [N], or numbers [N, k].
        trained: int [n].
        val: int [m].

    Returns:
        Accuracy, or the share of the variance that is explained.
    """
    chosen = np.concatenate([trained, val])
    columns = _narrowed(standardised(inputs[chosen]).astype(np.float32))
    answers = np.eye(int(targets.max()) + 1)[targets] if targets.ndim == 1 else targets.astype(np.float64)
    fit = fit_ridge(columns[: len(trained)], answers[trained])
    outputs = fit.predict(columns[len(trained) :])
    if targets.ndim == 1:
        return float((outputs.argmax(axis=1) == targets[val]).mean())
    return explained_variance(outputs, targets[val])


def explained_variance(outputs: np.ndarray, targets: np.ndarray) -> float:
    """1 - mean squared error / variance, of numbers [n, k] both."""
    variance = float(np.mean(np.square(targets - targets.mean(axis=0))))
    return 1 - float(np.mean(np.square(outputs - targets))) / max(variance, 1e-30)


def check_baselines(
    course: Course, score: float, linear: float | None, blank: float, size: int, is_linear: bool
) -> Checked:
    """A short training beside a linear model and beside no model.

    Args:
        course: the training.
        score: its score on val: accuracy, or the share of variance explained.
        linear: that of a linear model; None where there is none to compare with.
        blank: the share of the largest class, or 0 for numbers.
        size: examples of val.
        is_linear: whether the model is itself a linear one.
    """
    beside = "" if linear is None else f", a linear model {linear:.3f}"
    said = f"{course.done} steps: {score:.3f} on val; no model {blank:.3f}{beside}"
    numbers = {
        "score": score,
        "blank": blank,
        "steps": course.done,
        **({} if linear is None else {"linear": linear}),
    }
    if course.diverged >= 0:
        sentence = f"the loss is not finite from step {course.diverged}"
        return Checked(
            said,
            [finding("diverged", "problem", "learning", sentence, None, course.diverged, **numbers)],
        )
    if score <= blank + DEVIATIONS * _error(blank, size):
        return Checked(said, [_shortfall("not_learning", "no better than no model", said, course, numbers)])
    if linear is not None and not is_linear and score + DEVIATIONS * _error(linear, size) < linear:
        return Checked(
            said, [_shortfall("worse_than_linear", "worse than a linear model", said, course, numbers)]
        )
    return Checked(said)


def _shortfall(name: str, how: str, said: str, course: Course, numbers: dict[str, float]) -> Finding:
    """A remark where the training was only too short."""
    if course.still_falling:
        sentence = f"{how} yet: {said}; the loss still falls"
        return finding(name, "remark", "learning", sentence, None, course.done, **numbers)
    grave: Severity = "problem" if name == "not_learning" else "warning"
    sentence = f"{how}: {said}; the loss has stopped falling"
    return finding(name, grave, "learning", sentence, None, course.done, **numbers)


def _error(share: float, size: int) -> float:
    """The standard error of a share; of explained variance, where the share is 0, a small number."""
    return max(math.sqrt(max(share * (1 - share), 0) / size), 0.01)


def _narrowed(columns: np.ndarray) -> np.ndarray:
    if columns.shape[1] <= COLUMNS:
        return columns
    directions = np.random.default_rng(0).normal(size=(columns.shape[1], COLUMNS)) / math.sqrt(COLUMNS)
    return columns @ directions.astype(columns.dtype)
