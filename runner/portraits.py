"""What is drawn of the network of a lane: the plane as it sees it, its numbers, what it generates."""

from typing import Any

import jax
import numpy as np

from runner.generation.sampling import Sampler
from runner.pictures.grid import image_grid
from runner.planes import draw_plane, draw_units
from runner.preparation import Prepared
from runner.questions import generates
from runner.records.tensorboard import TensorBoard
from runner.training import diagnosis, program
from runner.training.compilation import in_sight
from runner.training.lanes import one_of
from runner.training.state import State

GENERATED, MOST_CLASSES = 8, 20
"""Examples of a class that are drawn, and of how many classes."""


class Portraits:
    """Draws the networks that are trained as lanes of a program; `on_the_way`, or in the end alone."""

    def __init__(self, prepared: Prepared, on_the_way: bool) -> None:
        self._prepared = prepared
        self._plan = prepared.material.plan
        self._on_the_way = on_the_way
        self._respond = jax.jit(one_of(program.respond(prepared.build)))
        self._reveal = jax.jit(one_of(diagnosis.reveal(prepared.build)))
        self._sample = Sampler(prepared) if generates(prepared.material.config) else None

    def is_due(self, step: int) -> bool:
        """Whether something is to be drawn after a step."""
        return self._plane_is_due(step) or self._samples_are_due(step) or self._histograms_are_due(step)

    def draw(self, tensorboard: TensorBoard, state: State, lane: int, step: int) -> None:
        """Draws what is due of a lane, given the state of all of them."""
        if self._plane_is_due(step):
            self._draw_plane(tensorboard, state, lane, step, f"step {step}")
        if self._samples_are_due(step):
            self._draw_samples(tensorboard, state, lane, step, f"step {step}")
        if self._histograms_are_due(step):
            self._draw_histograms(tensorboard, state, lane, step)

    def draw_best(self, tensorboard: TensorBoard, state: State, lane: int, step: int) -> None:
        """Draws a lane in the end, as it was with its best weights."""
        best = state._replace(model=state.best.model)
        self._draw_plane(tensorboard, best, lane, step, "the best weights")
        self._draw_samples(tensorboard, best, lane, step, "the best weights")
        self._draw_histograms(tensorboard, best, lane, step)

    def _plane_is_due(self, step: int) -> bool:
        has_plane = self._prepared.material.dataset.plane is not None
        return self._on_the_way and has_plane and self._plan.draws(step)

    def _samples_are_due(self, step: int) -> bool:
        return self._on_the_way and self._sample is not None and self._plan.draws(step)

    def _histograms_are_due(self, step: int) -> bool:
        return self._on_the_way and self._plan.counts(step)

    def _draw_plane(self, tensorboard: TensorBoard, state: State, lane: int, step: int, title: str) -> None:
        material, data = self._prepared.material, self._prepared.data

        def asked(function: Any, inputs: np.ndarray) -> Any:
            points = inputs.astype(data.maximum.dtype)
            return jax.device_get(function(self._prepared.numbers, state.model, np.int32(lane), points, data))

        def respond(inputs: np.ndarray) -> np.ndarray:
            return asked(self._respond, inputs)

        draw_plane(tensorboard, material.dataset, material.task, respond, step, title)
        if material.config.diagnostics.units:
            draw_units(tensorboard, material.dataset, lambda inputs: asked(self._reveal, inputs), step, title)

    def _draw_samples(self, tensorboard: TensorBoard, state: State, lane: int, step: int, title: str) -> None:
        if self._sample is None:
            return
        classes = self._prepared.material.dataset.classes or ()
        labels = np.repeat(np.arange(min(len(classes), MOST_CLASSES), dtype=np.int32), GENERATED)
        images = self._sample(state.model, lane, labels, 0)  # the same noise each time
        picture = image_grid(images, columns=GENERATED, title=f"generated, a row a class: {title}")
        tensorboard.image("generated", picture, step)

    def _draw_histograms(self, tensorboard: TensorBoard, state: State, lane: int, step: int) -> None:
        inspect = self._prepared.programs.inspect
        if inspect is not None:
            numbers, data = self._prepared.numbers, self._prepared.data
            found = inspect(numbers, in_sight(state), np.int32(lane), np.int32(step), data)
            tensorboard.histograms(jax.device_get(found), step)
