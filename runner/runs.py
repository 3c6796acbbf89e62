"""A trained run, read back from its folder."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from flax import nnx
from numpy.typing import ArrayLike
from omegaconf import DictConfig

from runner import checkpoints
from runner import folder as folders
from runner.backend import configure
from runner.binding import resolve
from runner.data.dataset import Column
from runner.errors import ConfigError
from runner.experiment import blueprint, fit_preprocessing, numbers_of
from runner.importing import make_importable
from runner.objectives.tasks import Task
from runner.preparation import Lane, make_plan, with_inputs
from runner.provenance import import_paths
from runner.questions import generates, tasks_of
from runner.specs import Spec
from runner.training.parts import Parts
from runner.training.state import create_model

BATCH = 512
BEST = "state.best.model"
"""What the names of the best weights begin with, in a checkpoint."""
Traced = Callable[[Lane], object]
"""Traces a lane; raises whatever its parts raise."""


@dataclass(frozen=True)
class Run:
    """A run with its best weights."""

    folder: Path
    config: DictConfig
    model: nnx.Module
    """In evaluation mode; takes preprocessed inputs."""
    metrics: dict[str, float | None]
    """The last value of every tag."""
    classes: tuple[str, ...] | None
    spec: Spec
    parts: Parts
    preprocessing: tuple[Callable[[jax.Array], jax.Array], ...]
    tasks: Mapping[str, Task]
    """What it is asked for, by name, the main one first."""
    lane: Callable[[Traced], Lane]
    """Itself as a lane: its numbers are inputs of a program, but for those that the function cannot trace."""

    def predict(self, inputs: ArrayLike) -> np.ndarray:
        """Class probabilities [n, classes], or predicted numbers [n, k], for raw inputs [n, ...].

        Inputs are as the data set stores them (images as integers up to the data set's maximum); the run's
        preprocessing is applied.

        Raises ConfigError if their shape is not the run's.
        """
        return np.asarray(self.parts.task.scores(jnp.asarray(self.outputs(inputs))))

    def outputs(self, inputs: ArrayLike) -> np.ndarray:
        """The model's raw outputs [n, k] (logits) for raw inputs [n, ...]."""
        if generates(self.config):
            raise ConfigError(f"{self.folder}: a generator; it predicts nothing of an example")
        array = np.asarray(inputs)
        if array.shape[1:] != tuple(self.spec.input_shape):
            raise ConfigError(
                f"inputs have shape {array.shape[1:]}, the run was trained on {self.spec.input_shape}"
            )
        if len(array) == 0:  # which a model's reshape need not take
            return self.outputs(np.zeros((1, *array.shape[1:]), array.dtype))[:0]
        graphdef, variables = nnx.split(self.model)
        batches = (array[first : first + BATCH] for first in range(0, len(array), BATCH))
        dtype = "float64" if self.config.precision == "float64" else "float32"
        found = [
            _forward(graphdef, variables, self.preprocessing, jnp.asarray(batch, dtype) / self.spec.maximum)
            for batch in batches
        ]
        return np.concatenate([np.asarray(one) for one in found])

    def answer(self, inputs: jax.Array) -> jax.Array:
        """What `predict` says of raw inputs [n, ...] of the run's dtype: a pure function, to be traced."""
        graphdef, variables = nnx.split(self.model)
        outputs = _forward(graphdef, variables, self.preprocessing, inputs / self.spec.maximum)
        return self.parts.task.scores(outputs)


def load_run(path: str | Path) -> Run:
    """The run in a folder, with the weights that were best on val; or the ensemble, which is one of several.

    Raises ConfigError if the folder holds no run, or none that has saved anything yet.
    """
    folder = Path(path)
    if not (folder / folders.MEMBERS).is_dir():
        return load_single(folder)
    # An ensemble is made of runs, and few folders hold one.
    from runner.ensembles.loading import load_ensemble

    return load_ensemble(folder)


def load_single(folder: Path) -> Run:
    """The run in a folder that holds no ensemble; raises as `load_run` does."""
    config, _ = folders.load_config(folder)
    summary = folders.read_summary(folder)
    make_importable([Path.cwd(), *import_paths(summary)])
    configure(config)
    saved = saved_of(folder)
    spec = read_spec(saved)
    total = make_plan(config, spec).total
    numbers = numbers_of(config, total)
    parts = blueprint(config, spec, numbers).build({key: _strong(value) for key, value in numbers.items()})

    def lane(traced: Traced) -> Lane:
        def taken(own: Lane) -> Lane:
            traced(own)
            return own

        return with_inputs(config, spec, total, taken, traced)

    return Run(
        folder,
        config,
        restored(create_model(parts), saved),
        summary["metrics"],
        spec.classes,
        spec,
        parts,
        _preprocessing(config, spec, saved),
        tasks_of(resolve(config)["model"].get("tasks"), spec),
        lane,
    )


def saved_of(folder: Path) -> checkpoints.Saved:
    """What a run's folder has of it.

    Raises ConfigError if that is nothing yet, or cannot be read.
    """
    saved = checkpoints.latest(folder)
    if saved is None:
        raise ConfigError(f"{folder}: this run has not saved anything yet")
    return saved


def read_spec(saved: checkpoints.Saved) -> Spec:
    """What a run's checkpoint says of its data."""
    meta = saved.meta["spec"]
    classes, columns = meta["classes"], meta.get("columns", ())
    return Spec(
        **meta
        | {
            "input_shape": tuple(meta["input_shape"]),
            "classes": classes and tuple(classes),
            "columns": tuple(_column(*column) for column in columns),
        }
    )


def variables_of(model: nnx.State, saved: checkpoints.Saved) -> nnx.State:
    """The variables that were best of a run; `model` has those of one of the same structure.

    Raises ConfigError if it is of another.
    """
    return checkpoints.unflatten(model, saved.arrays, BEST)


def restored(model: nnx.Module, saved: checkpoints.Saved) -> nnx.Module:
    """A model in evaluation mode with the weights that were best of a run; raises as `variables_of` does."""
    nnx.update(model, variables_of(nnx.state(model), saved))
    model.eval()
    return model


def refuse_without_best(folder: Path, summary: Mapping[str, Any]) -> None:
    """Raises ConfigError where a run of this summary diverged before it had weights worth anything."""
    if summary["status"] == "diverged" and summary["best"]["step"] is None:
        raise ConfigError(f"{folder}: it diverged before its first evaluation; it has no weights to evaluate")


def _strong(number: float | int) -> float | int:
    # Of NumPy's type, a number widens bfloat16 as it did when it was traced.
    return np.float64(number) if isinstance(number, float) else number


def _column(name: str, median: float | None, categories: list[str], flagged: bool) -> Column:
    return Column(name, median, tuple(categories), flagged)


def _preprocessing(config: DictConfig, spec: Spec, saved: checkpoints.Saved) -> tuple[Any, ...]:
    # Fitted to anything of the right shape, it has the structure that the saved arrays belong to.
    anything = np.zeros((2, *spec.input_shape), np.float32)
    template = fit_preprocessing(config, anything, spec.maximum)
    return checkpoints.unflatten(template, saved.arrays, "preprocessing")


@jax.jit
def _forward(graphdef: Any, variables: Any, preprocessing: Any, inputs: jax.Array) -> jax.Array:
    network = nnx.merge(graphdef, variables)
    for function in preprocessing:
        inputs = function(inputs).astype(inputs.dtype)
    return network(inputs)
