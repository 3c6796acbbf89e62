"""What models that are trained say of the examples of a split: those of one structure as lanes."""

from collections.abc import Callable
from typing import Any

import jax
import numpy as np
from flax import nnx

from runner.data.dataset import Dataset
from runner.experiment import as_arrays
from runner.preparation import Lane, real
from runner.runs import Run
from runner.supplies import pad, place_with, supply_of
from runner.training import program
from runner.training.batches import Indices
from runner.training.lanes import Layout
from runner.training.step import Scalars

Examine = Callable[[Any, np.ndarray], tuple[Scalars, jax.Array]]
"""The variables of models, lanes first, and a split -> loss and metrics [lanes], and what the models answer
[lanes, padded examples, k]."""


def examiner(run: Run, dataset: Dataset, layout: Layout) -> Examine:
    """Measures as many models of a run's structure as the layout has lanes, over any split of a data set.

    To the last digit as training does: only the same computation, with the same numbers as inputs, rounds
    the same. The models' numbers are those of the run, but for what a model holds as variables.
    """
    dtype, model = real(run.config), nnx.state(run.model)
    data = place_with(dataset, run.preprocessing, dtype)
    first = Indices(pad(dataset.test, dataset), np.int32(len(dataset.test)))

    def traced(lane: Lane) -> None:
        jax.eval_shape(program.measure(lane.build), lane.scalars(dtype), model, *first, data)

    lane = run.lane(traced)
    numbers = as_arrays([lane.inputs] * layout.lanes, dtype)
    measure = supply_of(dataset, data, lane.build, 1, layout).measuring(lane.build)  # it takes no steps

    def examine(models: Any, split: np.ndarray) -> tuple[Scalars, jax.Array]:
        return measure(numbers, models, Indices(pad(split, dataset), np.int32(len(split))))

    return examine
