"""Ensembles of classifiers and of regressors: what differs between them."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import optax
from scipy.special import log_softmax

from runner.ensembles.calibration import BINS, bin_of
from runner.ensembles.combining import (
    FLOOR,
    Combine,
    mix_numbers,
    mix_probabilities,
    stack_numbers,
    stack_probabilities,
)
from runner.ensembles.mixtures import MixtureLoss, likelihood_loss, square_loss
from runner.ensembles.stacking import Stack, average_of, features_of, fit_linear, fit_logistic
from runner.objectives.losses import mse
from runner.objectives.tasks import Task


class Kind(NamedTuple):
    """Functions of what members say, [members, n, k], of outputs [n, k] and of stored targets."""

    say: Callable[[jax.Array], jax.Array]
    """A member's outputs [..., k] -> what it says, of which an ensemble is made."""
    mix: Combine
    stack: Combine
    loss: Callable[[jax.Array, jax.Array], jax.Array]
    """Of outputs and encoded targets, both [n, k]: [n]."""
    encode: Callable[[np.ndarray, int], np.ndarray]
    """Targets, and how many outputs there are -> encoded targets [n, k]."""
    mixture_loss: Callable[[np.ndarray, np.ndarray], MixtureLoss]
    """Of what members say and targets."""
    fit_stack: Callable[[np.ndarray, np.ndarray, float], Stack]
    """To what members say and targets, with a strength of the penalty."""
    measures: Sequence[str]
    """What is reported of a split, the loss first."""
    columns: Callable[[np.ndarray, np.ndarray], np.ndarray]
    """Outputs and targets -> a number an example and column [n, c], of whose means the measures are made."""
    measure: Callable[[np.ndarray], np.ndarray]
    """Means of the columns [..., c] -> the measures [..., measures]."""


def measured(kind: Kind, outputs: np.ndarray, targets: np.ndarray) -> np.ndarray:
    """The measures [measures] of outputs [n, k]."""
    return kind.measure(kind.columns(outputs, targets).mean(axis=0))


def kind_of(task: Task) -> Kind:
    """The kind of a task's ensembles."""
    return CLASSES if task.classes else NUMBERS


def _log_probabilities(outputs: jax.Array) -> jax.Array:
    return jax.nn.log_softmax(_real(outputs))


def _real(outputs: jax.Array) -> jax.Array:
    return outputs.astype(jnp.promote_types(outputs.dtype, jnp.float32))


def _likelihoods(said: np.ndarray, labels: np.ndarray) -> MixtureLoss:
    return likelihood_loss(np.exp(said[:, np.arange(len(labels)), labels].astype(np.float64)))


def _fit_classes(said: np.ndarray, labels: np.ndarray, strength: float) -> Stack:
    members, _, outputs = said.shape
    return fit_logistic(features_of(np.maximum(said, FLOOR)), labels, average_of(members, outputs), strength)


def _fit_numbers(said: np.ndarray, targets: np.ndarray, strength: float) -> Stack:
    members, _, outputs = said.shape
    return fit_linear(features_of(said), targets, average_of(members, outputs), strength)


def _class_columns(outputs: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """The negative log-likelihood, whether the guess is right, and in its bin the confidence less whether."""
    logs, rows = log_softmax(outputs.astype(np.float64), axis=1), np.arange(len(labels))
    hits, confidence = logs.argmax(axis=1) == labels, np.exp(logs.max(axis=1))
    gaps = np.zeros((len(labels), BINS))
    gaps[rows, bin_of(confidence)] = confidence - hits
    return np.column_stack([-logs[rows, labels], hits, gaps])


def _class_measures(means: np.ndarray) -> np.ndarray:
    return np.concatenate([means[..., :2], np.abs(means[..., 2:]).sum(axis=-1, keepdims=True)], axis=-1)


def _number_columns(outputs: np.ndarray, targets: np.ndarray) -> np.ndarray:
    return np.square(outputs.astype(np.float64) - targets).mean(axis=1, keepdims=True)


CLASSES = Kind(
    say=_log_probabilities,
    mix=mix_probabilities,
    stack=stack_probabilities,
    loss=optax.softmax_cross_entropy,
    encode=lambda labels, outputs: np.eye(outputs, dtype=np.float32)[labels],
    mixture_loss=_likelihoods,
    fit_stack=_fit_classes,
    measures=("nll", "accuracy", "ece"),
    columns=_class_columns,
    measure=_class_measures,
)
NUMBERS = Kind(
    say=_real,
    mix=mix_numbers,
    stack=stack_numbers,
    loss=mse,
    encode=lambda targets, outputs: targets,
    mixture_loss=lambda said, targets: square_loss(said - targets),
    fit_stack=_fit_numbers,
    measures=("mse",),
    columns=_number_columns,
    measure=lambda means: means,
)
