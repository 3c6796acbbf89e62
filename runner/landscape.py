"""The loss as a function of a trained run's two weights."""

from pathlib import Path

import jax
import numpy as np
from flax import nnx
from jax.flatten_util import ravel_pytree

from runner.experiment import build_dataset
from runner.preparation import real
from runner.runs import load_run
from runner.supplies import pad, place_with
from runner.training.state import with_parameters
from runner.training.step import evaluate

TOGETHER = 256
"""Points evaluated at a time."""


def heights(folder: Path, points: np.ndarray) -> np.ndarray:
    """The loss on val of the run in a folder, were its two weights these [n, 2]: [n].

    Li et al. 2018, "Visualizing the loss landscape of neural nets", arXiv 1712.09913, where there is no more
    than the plane.

    Raises ConfigError if the run or its data cannot be loaded.
    """
    run = load_run(folder)
    dataset = build_dataset(run.config)
    data = place_with(dataset, run.preprocessing, real(run.config))
    graphdef, variables = nnx.split(run.model)
    own, unravel = ravel_pytree(nnx.filter_state(variables, nnx.Param))
    indices, count = jax.device_put((pad(dataset.val, dataset), np.int32(len(dataset.val))))

    def height(point: jax.Array) -> jax.Array:
        model = with_parameters(variables, unravel(point))
        return evaluate(run.parts, graphdef, model, data, indices, count)[0]["loss"]

    def everywhere(points: jax.Array) -> jax.Array:
        return jax.lax.map(height, points, batch_size=TOGETHER)

    return np.asarray(jax.jit(everywhere)(points.astype(own.dtype)))
