"""What a run shows in TensorBoard beside scalars: its config, what the model sees, where it errs."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import jax
import numpy as np

from runner.configuration import BOOKKEEPING, to_yaml
from runner.data.dataset import Dataset
from runner.landscape import heights
from runner.objectives.tasks import Task
from runner.pictures.confusion import confusion_matrix, draw_confusion
from runner.pictures.grid import image_grid
from runner.pictures.landscape import draw_landscape, landscape_window
from runner.pictures.mistakes import draw_mistakes, mistakes_table, worst_mistakes
from runner.preparation import Prepared
from runner.records.jsonlines import NAME as RECORDS
from runner.records.tensorboard import TensorBoard
from runner.records.trajectory import read_trajectory, weight_names

PICTURED = 32


def introduce(
    tensorboard: TensorBoard,
    config: Mapping[str, Any],
    resolved: Mapping[str, Any],
    choices: Mapping[str, str],
    name: str,
) -> None:
    """Writes the config and the hyperparameters; `name` is the run's row."""
    tensorboard.text("config", f"```yaml\n{to_yaml(resolved)}```", 0)
    tensorboard.hparams(hyperparameters(config, choices), name)


def draw_training_images(tensorboard: TensorBoard, prepared: Prepared, lane: int) -> None:
    """Draws a grid of training images as the model of one lane sees them."""
    dataset = prepared.material.dataset
    if dataset.is_image:
        numbers = {key: np.asarray(values)[lane] for key, values in prepared.numbers.items()}
        images, targets = jax.device_get(prepared.programs.preview(numbers, prepared.data))
        tensorboard.image("training images", image_grid(images, _names(dataset, targets)), 0)


def draw_results(
    tensorboard: TensorBoard, dataset: Dataset, task: Task, outputs: np.ndarray, step: int
) -> None:
    """Draws the confusion matrix and the worst mistakes on the test split; `outputs` [padded, k].

    Nothing, where the first of the outputs are not the logits of the data set's classes.
    """
    if dataset.classes is None or task.classes != len(dataset.classes):
        return
    labels = dataset.targets[dataset.test]
    scores = _softmax(outputs[: len(labels), : task.classes])
    counts = confusion_matrix(labels, scores.argmax(axis=-1), len(dataset.classes))
    tensorboard.image("test/confusion", draw_confusion(counts, dataset.classes), step)
    worst = worst_mistakes(scores, labels, PICTURED)
    if not len(worst):
        return
    guesses, confidences = scores[worst].argmax(axis=-1), scores[worst].max(axis=-1)
    if dataset.is_image:
        images = dataset.inputs[dataset.test[worst]] / dataset.maximum
        picture = draw_mistakes(images, labels[worst], guesses, confidences, dataset.classes)
        tensorboard.image("test/worst mistakes", picture, step)
    else:
        indices = dataset.test[worst]
        table = mistakes_table(indices, labels[worst], guesses, confidences, dataset.classes)
        tensorboard.text("test/worst mistakes", table, step)


def draw_path(tensorboard: TensorBoard, folder: Path, tags: Iterable[str], step: int) -> None:
    """Draws the path of a run over its loss, where it has two weights and `tags` say that it recorded them.

    The run's records and its checkpoint must be in its folder.
    """
    names = weight_names(tags)
    if len(names) != 2:
        return
    path = read_trajectory(folder / RECORDS, names)
    if len(path):
        shown = landscape_window(path)
        title = f"the way of {len(path)} steps over the loss"
        picture = draw_landscape(shown, heights(folder, shown.grid()), path, title, names)
        tensorboard.image("path", picture, step)


def hyperparameters(config: Mapping[str, Any], choices: Mapping[str, str]) -> dict[str, str | float | bool]:
    """The option of each group and the values of a config, not resolved, by key, for the HPARAMS page.

    Nulls are left out and numbers are floats: of a hyperparameter with values of two types, or none,
    TensorBoard drops the runs.
    """
    values = {key: value for key, value in config.items() if key not in BOOKKEEPING}
    return {**choices, **dict(_leaves(values, ""))}


def _leaves(node: Any, prefix: str) -> Iterator[tuple[str, str | float | bool]]:
    if isinstance(node, dict):
        for key, value in node.items():
            if str(key).startswith("_"):  # what is called, and how: the option's name says it
                continue
            yield from _leaves(value, f"{prefix}.{key}" if prefix else str(key))
    elif isinstance(node, list):
        yield prefix, str(node)
    elif isinstance(node, int | float) and not isinstance(node, bool):
        yield prefix, float(node)
    elif node is not None and not str(node).startswith("${"):  # what it stands for has a column
        yield prefix, node


def _softmax(outputs: np.ndarray) -> np.ndarray:
    # In NumPy: JAX would compile a program for each of its operations.
    powers = np.exp(outputs - outputs.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def _names(dataset: Dataset, labels: np.ndarray) -> list[str] | None:
    return None if dataset.classes is None else [dataset.classes[label] for label in labels]
