"""The plane that examples of two features lie in, and what a network makes of it."""

from collections.abc import Callable, Mapping

import numpy as np

from runner.data.dataset import Dataset, Plane
from runner.objectives.tasks import Task
from runner.pictures import units
from runner.pictures.boundary import class_colours, draw_boundary, number_colours, window
from runner.pictures.curve import draw_curve
from runner.records.tensorboard import TensorBoard

ALONG = 400
"""Points of a curve."""
Respond = Callable[[np.ndarray], np.ndarray]
"""A network's scores [n, k] for raw inputs [n, ...]."""
Reveal = Callable[[np.ndarray], Mapping[str, np.ndarray]]
"""What its hidden units compute for them: [n, units] by layer."""


def draw_plane(
    tensorboard: TensorBoard, dataset: Dataset, task: Task, respond: Respond, step: int, title: str
) -> None:
    """Draws what a network says over the plane that the examples lie in, or the line, where there is one.

    Nothing, where a line's targets are classes, or the first of its outputs not the data set's own targets.
    """
    plane, classes = dataset.plane, len(dataset.classes or ())
    if plane is None or task.classes != classes or not (classes or task.outputs == dataset.outputs):
        return
    trained = np.isin(np.arange(len(plane.points)), dataset.train)
    if plane.points.shape[1] == 1:
        if not classes:
            picture = _along(plane, dataset.targets[:, 0], trained, respond, title)
            tensorboard.image("curve", picture, step)
        return
    shown = window(plane.points)
    scores = respond(plane.inputs(shown.grid()))
    if dataset.classes is None:
        numbers = dataset.targets[:, 0]
        low, high = float(numbers.min()), float(numbers.max())
        cells, colours = (number_colours(values, low, high) for values in (scores[:, 0], numbers))
    else:
        cells, colours = (
            class_colours(shares) for shares in (scores, np.eye(dataset.outputs)[dataset.targets])
        )
    names = dataset.classes or ()
    tensorboard.image(
        "plane", draw_boundary(shown, cells, plane.points, colours, trained, title, names), step
    )


def _along(line: Plane, targets: np.ndarray, trained: np.ndarray, respond: Respond, title: str) -> np.ndarray:
    points = np.column_stack([line.points, targets])
    shown = window(points)
    across = np.linspace(shown.low[0], shown.high[0], ALONG, dtype=np.float32)
    said = respond(line.inputs(across[:, None]))[:, 0]
    return draw_curve(shown, across, said, points, trained, title)


def draw_units(tensorboard: TensorBoard, dataset: Dataset, reveal: Reveal, step: int, title: str) -> None:
    """Draws what each hidden unit computes over the plane, where there is one: a picture a layer."""
    if dataset.plane is None or dataset.plane.points.shape[1] == 1:
        return
    inputs = dataset.plane.inputs(window(dataset.plane.points).grid(units.CELLS))
    for layer, values in reveal(inputs).items():
        tensorboard.image(f"units/{layer}", units.draw_units(values, f"{layer}, {title}"), step)
