"""Inputs with the outputs that belong to them, for whoever loads what was exported to try it on."""

from typing import NamedTuple

import numpy as np

from runner.data.dataset import DataError
from runner.data.reading import taken
from runner.errors import ConfigError
from runner.experiment import build_dataset
from runner.prediction.answering import answering
from runner.preparation import real
from runner.runs import Run

EXAMPLES = 8


class Example(NamedTuple):
    """Some raw inputs and what the run says of them."""

    inputs: np.ndarray
    """[n, ...], of the run's dtype."""
    outputs: np.ndarray
    """As `Run.predict` returns them."""
    classes: tuple[str, ...] | None
    """The names of the classes whose probabilities they are; None for numbers."""
    origin: str
    """Where the inputs are from."""


def example_of(run: Run) -> Example:
    """The first test examples of a run; random numbers where its data is not to be had any more."""
    found, origin = _of_test(run), "the first examples of its test split"
    if found is None:
        shape = (EXAMPLES, *run.spec.input_shape)
        found = np.random.default_rng(0).uniform(0, run.spec.maximum, shape)
        origin = f"random numbers from 0 to {run.spec.maximum:g}, as the data of the run could not be read"
    inputs = found.astype(real(run.config))
    answer = answering(run)(inputs)[0]
    return Example(inputs, answer.scores, answer.classes, origin)


def _of_test(run: Run) -> np.ndarray | None:
    try:
        dataset = build_dataset(run.config)
        if dataset.input_shape != tuple(run.spec.input_shape):
            return None
        return taken(dataset.inputs, dataset.test[:EXAMPLES])
    except (ConfigError, DataError):
        return None
