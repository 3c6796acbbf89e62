"""What the data look like: examples of each class, and how classes and values are distributed."""

import math

import numpy as np

from runner.data.dataset import Dataset
from runner.doctor.checked import Checked
from runner.pictures.distribution import Bars, draw_distribution
from runner.pictures.grid import image_grid

EXAMPLES, CLASSES = 8, 12
"""Drawn of a class, and classes drawn."""
BINS = 40
VALUES = 2_000_000


def draw_data(dataset: Dataset) -> Checked:
    """Pages for TensorBoard: examples a class, and the distributions of targets and values."""
    tag, texts = "data/examples", {}
    pictures = {"data/distribution": draw_distribution(_bars(dataset), "how the data are distributed")}
    chosen = _examples(dataset)
    if dataset.is_image:
        names = None if dataset.classes is None else [dataset.classes[dataset.targets[one]] for one in chosen]
        pictures[tag] = image_grid(dataset.inputs[chosen], names, EXAMPLES, "training examples of each class")
    else:
        texts[tag] = _table(dataset, chosen)
    shown = f"{tag} ({len(chosen)} examples) and data/distribution"
    return Checked(f"drawn to TensorBoard: {shown}", pictures=pictures, texts=texts)


def _examples(dataset: Dataset) -> np.ndarray:
    if dataset.classes is None:
        return dataset.train[: EXAMPLES * 2]
    labels = dataset.targets[dataset.train]
    own = [dataset.train[labels == label][:EXAMPLES] for label in range(min(CLASSES, len(dataset.classes)))]
    return np.concatenate(own)


def _bars(dataset: Dataset) -> list[Bars]:
    targets, found = dataset.targets[dataset.train], list[Bars]()
    if dataset.classes is not None:
        counts = np.bincount(targets, minlength=len(dataset.classes))
        found.append(Bars("training examples a class", counts, dataset.classes))
    else:
        found.append(_histogram("training targets", targets.astype(float)))
    values = dataset.inputs[dataset.train[: max(1, VALUES // math.prod(dataset.input_shape))]]
    return [*found, _histogram("values of training inputs", values.astype(float) / dataset.maximum)]


def _histogram(title: str, values: np.ndarray) -> Bars:
    counts, edges = np.histogram(values[np.isfinite(values)], BINS)
    return Bars(title, counts, tuple(f"{edge:.3g}" for edge in edges[:-1]))


def _table(dataset: Dataset, chosen: np.ndarray) -> str:
    rows = [f"| {_target(dataset, one)} | {_numbers(dataset.inputs[one])} | {one} |" for one in chosen]
    return "\n".join(["| target | inputs | index |", "| --- | --- | ---: |", *rows])


def _target(dataset: Dataset, index: int) -> str:
    if dataset.classes is None:
        return _numbers(dataset.targets[index])
    return dataset.classes[dataset.targets[index]].replace("|", r"\|")


def _numbers(values: np.ndarray) -> str:
    flat = values.ravel()
    return ", ".join(f"{value:.4g}" for value in flat[:12]) + (", ..." if flat.size > 12 else "")
