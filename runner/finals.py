"""What is done once with runs that have ended: their best weights are tested, those of the best run drawn."""

import time
from collections.abc import Sequence

import jax
import numpy as np

from runner.logbook import Logbook, best_of
from runner.portraits import Portraits
from runner.preparation import Prepared
from runner.report import draw_path, draw_results
from runner.training.parts import EMA
from runner.training.program import Assessment
from runner.training.state import State

Ended = Sequence[tuple[int, Logbook]]
"""Lanes, and the runs that they are."""


def test_best(prepared: Prepared, state: State, ended: Ended, step: int) -> Assessment | None:
    """Records the test metrics of each run's best weights; what was found of all lanes, if any has such."""
    if all(book.summary["best"]["step"] is None for _, book in ended):
        return None
    began, best = time.monotonic(), state._replace(model=state.best.model)
    found = prepared.programs.assess(
        prepared.numbers,
        best,
        np.int32(step),
        np.bool_(True),
        *prepared.test,
        prepared.supply.evaluation(prepared.test),
    )
    scalars = jax.device_get(found.verdict.scalars)
    for lane, book in ended:
        book.took("evaluate", (time.monotonic() - began) / len(ended))
        if book.summary["best"]["step"] is not None:
            measured = {
                f"test/{name}": float(values[lane])
                for name, values in scalars.items()
                if not name.startswith(EMA)
            }
            book.write(book.learn(book.reached(step), measured, True))
            book.flush()
    return found


def draw_best(
    prepared: Prepared, state: State, ended: Ended, tested: Assessment, portraits: Portraits, step: int
) -> None:
    """Draws what the best of these runs says of its test examples, and its network."""
    lane, book = best_of(ended, prepared.material.maximise)
    draw_results(
        book.tensorboard,
        prepared.material.dataset,
        prepared.material.task,
        np.asarray(tested.outputs)[lane],  # a slice on the device would be a program to compile
        book.reached(step),
    )
    portraits.draw_best(book.tensorboard, state, lane, book.reached(step))
    draw_path(book.tensorboard, book.folder, book.summary["metrics"], book.reached(step))
