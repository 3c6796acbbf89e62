"""The checks that train a little, on a patient."""

from typing import Any

import jax
import numpy as np

from runner.doctor.checked import Checked, skipped
from runner.doctor.learning import baselines, overfit
from runner.doctor.learning.baselines import check_baselines, explained_variance, linear_score
from runner.doctor.learning.course import Course, teach
from runner.doctor.learning.overfit import check_overfit, handful
from runner.doctor.learning.rate import check_rate
from runner.doctor.learning.shuffled import check_shuffled, grouped, rehearsed, shuffle_targets
from runner.doctor.patient import Patient

REHEARSAL = 0.5
"""The share of the steps of a short training that learning by heart takes at most."""


def overfitting(patient: Patient) -> Checked:
    """Whether the model can learn a handful of examples by heart."""
    sample, task = patient.sample, patient.prepared.material.task
    parameters = sum(leaf.size for leaf in jax.tree.leaves(patient.parameters)) // task.outputs
    chosen = handful(sample.train, patient.content, sample.targets, parameters)
    targets = _targets(patient, chosen)
    if targets is None:
        return skipped("the model is asked for several things at once, none of which is a class")

    def learned(course: Course) -> float:
        if task.classes:
            return max(course.train.get("accuracy", 0.0), course.watched["accuracy"])
        return explained_variance(course.outputs, targets)

    threshold = overfit.LEARNED if task.classes else overfit.EXPLAINED

    def train(factor: float) -> Course:
        rate = {"optimizer.learning_rate": patient.config.optimizer.learning_rate * factor}

        def enough(train: dict[str, float], watched: dict[str, float]) -> bool:
            if task.classes:
                return max(train.get("accuracy", 0.0), watched["accuracy"]) >= overfit.LEARNED
            return watched["mse"] <= (1 - overfit.EXPLAINED) * float(np.var(targets, axis=0).mean())

        data = _trained_on(patient, chosen)
        return teach(patient.prepared, data, chosen, patient.budget, overfit.EVERY, enough, rate)

    return check_overfit(len(chosen), learned, threshold, train, patient.config.optimizer.learning_rate)


def beating_baselines(patient: Patient) -> Checked:
    """Whether a short training beats the largest class, or the mean, and a linear model."""
    sample, dataset = patient.sample, patient.dataset
    if not _asked_for_targets(patient):
        return skipped("the model is asked for something else than the data set's targets")
    labels, val = dataset.targets, sample.val
    linear = linear_score(patient.inputs, labels, sample.train, val)
    blank = 0.0 if dataset.classes is None else float(np.bincount(labels[val]).max() / len(val))

    def enough(train: dict[str, float], watched: dict[str, float]) -> bool:
        return watched[metric] >= max(linear, blank + baselines.DEVIATIONS * 0.02)

    metric = "accuracy" if dataset.classes is not None else "r2"
    course = teach(patient.prepared, patient.prepared.data, val, patient.budget, baselines.EVERY, enough)
    kernels = sum(leaf.ndim > 2 for leaf in jax.tree.leaves(patient.parameters))  # an axis is the lanes'
    return check_baselines(course, course.watched[metric], linear, blank, len(val), kernels == 1)


def knowing_nothing(patient: Patient) -> Checked:
    """Whether shuffled targets can be known on val."""
    sample = patient.sample
    if not _asked_for_targets(patient):
        return skipped("the model is asked for something else than the data set's targets")
    groups = grouped(patient.content, patient.near or (np.zeros(0, int), np.zeros(0, int)))
    targets = shuffle_targets(patient.dataset.targets, groups)
    data = _trained_on(patient, rehearsed(sample.train, sample.val, groups))._replace(
        targets=jax.device_put(targets)
    )
    steps = max(1, round(REHEARSAL * patient.budget))
    course = teach(patient.prepared, data, sample.val, steps, steps)
    outputs = patient.prepared.material.task.classes or course.outputs.shape[1]
    return check_shuffled(course._replace(outputs=course.outputs[:, :outputs]), targets[sample.val])


def rate_in_range(patient: Patient) -> Checked:
    """Where the learning rate stands in a ramp."""
    return check_rate(patient.standing)


def _trained_on(patient: Patient, chosen: np.ndarray) -> Any:
    """The prepared data, with the chosen examples over and over for a training split."""
    data = patient.prepared.data
    return data._replace(train=jax.device_put(np.resize(chosen, data.train.shape).astype(np.int32)))


def _asked_for_targets(patient: Patient) -> bool:
    """Whether the first outputs of the model are the data set's classes, or numbers."""
    task, dataset = patient.prepared.material.task, patient.dataset
    if dataset.classes is not None:
        return task.classes == len(dataset.classes)
    return not task.classes and task.outputs == dataset.outputs


def _targets(patient: Patient, chosen: np.ndarray) -> np.ndarray | None:
    """The targets of the chosen examples as the outputs should be; None where it is not known."""
    task, dataset = patient.prepared.material.task, patient.dataset
    if task.classes or _asked_for_targets(patient):
        return dataset.targets[chosen]
    inputs = dataset.inputs[chosen].reshape(len(chosen), -1) / dataset.maximum
    return inputs if task.outputs == inputs.shape[1] else None
