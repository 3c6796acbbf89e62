"""The checks, in their order."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from runner.diagnostics.loss_at_start import loss_at_start
from runner.doctor import lessons
from runner.doctor.checked import Checked, skipped
from runner.doctor.data.balance import check_balance
from runner.doctor.data.copies import check_copies
from runner.doctor.data.drawing import draw_data
from runner.doctor.data.features import check_features
from runner.doctor.data.neighbours import check_neighbours
from runner.doctor.data.order import check_order
from runner.doctor.data.scaling import LARGE, check_scaling, check_targets
from runner.doctor.data.shapes import check_shapes
from runner.doctor.data.telling import check_telling
from runner.doctor.data.values import check_values
from runner.doctor.labels.suspects import check_labels
from runner.doctor.model.dependence import check_features_used, check_independence
from runner.doctor.model.gradients import check_differences, check_reached
from runner.doctor.model.names import names_of
from runner.doctor.model.objective import check_objective
from runner.doctor.patient import BEGUN, Patient


class Check(NamedTuple):
    """One line of the checklist."""

    group: str
    title: str
    examine: Callable[[Patient], Checked]
    compiled: bool = True
    """Whether it needs the programs; others are made while these compile."""


class Line(NamedTuple):
    """A check and its outcome."""

    check: Check
    outcome: Checked
    seconds: float


def _values(patient: Patient) -> Checked:
    return check_values(patient.inputs, patient.dataset.maximum)


def _features(patient: Patient) -> Checked:
    return check_features(patient.dataset.inputs[patient.sample.train], len(patient.dataset.train))


def _scaling(patient: Patient) -> Checked:
    return check_scaling(patient.look.inputs, [str(name) for name in patient.config.preprocessing])


def _balance(patient: Patient) -> Checked:
    dataset, config = patient.dataset, patient.config
    train, val = dataset.targets[dataset.train], dataset.targets[dataset.val]
    if dataset.classes is None:
        return check_targets(train)
    handled = None
    if config.class_weights is not None:
        handled = f"class_weights={config.class_weights}"
    elif config.sampler._target_ == "runner.data.sampling.balanced":
        handled = "sampler=balanced"
    return check_balance(train, val, dataset.classes, handled)


def _telling(patient: Patient) -> Checked:
    dataset, looked_at = patient.dataset, patient.sample.train
    if dataset.is_image:
        return skipped("the inputs are images")
    columns = dataset.inputs[looked_at].reshape(len(looked_at), -1)
    return check_telling(columns, dataset.targets[looked_at], len(dataset.train))


def _near(patient: Patient) -> Checked:
    sample, dataset = patient.sample, patient.dataset
    sizes = (len(split) for split in (sample.val, dataset.val, sample.train, dataset.train))
    return check_neighbours(patient.near, *sizes)


def _order(patient: Patient) -> Checked:
    first, second = patient.look.orders
    size = patient.config.batch_size
    return check_order(first, second, patient.dataset.targets, len(first) if isinstance(size, str) else size)


def _labels(patient: Patient) -> Checked:
    if patient.dataset.classes is None:
        return skipped("the targets are numbers, not classes")
    return check_labels(patient.dataset, patient.sample.train)


def _objective(patient: Patient) -> Checked:
    task, classes = patient.prepared.material.task, patient.dataset.classes
    if classes is None or not task.classes == task.outputs == len(classes):
        return skipped("the model is not asked for one class of each example")
    right, surer = patient.look.right
    return check_objective(float(right), float(surer))


def _loss_at_start(patient: Patient) -> Checked:
    loss, blank = float(patient.look.loss), float(patient.look.blank)
    found = loss_at_start(loss, blank, _smaller_outputs(patient))
    said = f"{loss:.4g} on {len(patient.look.inputs)} examples; {blank:.4g} is what outputs of 0 would have"
    return Checked(said, [] if found is None else [found])


def _smaller_outputs(patient: Patient) -> str | None:
    if float(np.sqrt(np.mean(np.square(patient.look.inputs)))) > LARGE:
        return None if "standardize" in patient.config.preprocessing else "preprocessing=standardize"
    return _initializer(patient)


def _initializer(patient: Patient) -> str | None:
    return None if "he_normal" in str(patient.config.initializer) else "initializer=he_normal"


def _differences(patient: Patient) -> Checked:
    _, begun = patient.probed
    return check_differences(begun.gradients, begun.differences)


def _reached(patient: Patient) -> Checked:
    first, begun = patient.probed
    rate = f"optimizer.learning_rate={patient.config.optimizer.learning_rate / 10:.3g}"
    names, cure = names_of(patient.parameters), _initializer(patient)
    return check_reached(first.largest, begun.largest, names, BEGUN, cure, rate)


def _features_used(patient: Patient) -> Checked:
    first, begun = patient.probed
    return check_features_used(np.maximum(first.reach, begun.reach), 2 * len(first.alone))


def _independence(patient: Patient) -> Checked:
    _, begun = patient.probed
    return check_independence(begun.alone, begun.among_others)


CHECKS = (
    Check("data", "shapes", lambda patient: check_shapes(patient.dataset), compiled=False),
    Check("data", "values", _values, compiled=False),
    Check("data", "features", _features, compiled=False),
    Check("data", "preprocessing", _scaling),
    Check("data", "balance", _balance, compiled=False),
    Check(
        "data",
        "copies",
        lambda patient: check_copies(patient.dataset, patient.content),
        compiled=False,
    ),
    Check("data", "near-copies", _near, compiled=False),
    Check("data", "telling features", _telling, compiled=False),
    Check("data", "order", _order),
    Check("data", "pictures", lambda patient: draw_data(patient.dataset), compiled=False),
    Check("labels", "wrong labels", _labels, compiled=False),
    Check("model", "loss", _objective),
    Check("model", "loss at start", _loss_at_start),
    Check("model", "gradients", _differences),
    Check("model", "parameters", _reached),
    Check("model", "input features", _features_used),
    Check("model", "independence", _independence),
    Check("learning", "overfitting", lessons.overfitting),
    Check("learning", "baselines", lessons.beating_baselines),
    Check("learning", "shuffled labels", lessons.knowing_nothing),
    Check("learning", "learning rate", lessons.rate_in_range),
)
