"""From raw inputs to what a run says of them, for each of its tasks."""

from collections.abc import Callable

import jax.numpy as jnp
import numpy as np

from runner.objectives.joint import columns
from runner.objectives.tasks import Task
from runner.prediction.writers import Answers
from runner.runs import Run

RECONSTRUCTION = "reconstruction"


def answering(run: Run) -> Callable[[np.ndarray], list[Answers]]:
    """A function from raw inputs [n, ...] to what the run says of them; the main task's answers come first.

    What an auxiliary task reconstructs is left out: it is the input itself.
    """
    tasks = run.tasks
    main, parts = next(iter(tasks)), columns(tasks)

    def answer(name: str, outputs: np.ndarray) -> Answers:
        task = tasks[name]
        return Answers("" if name == main else name, _classes(name, task, run), _scores(task, outputs))

    def answers(inputs: np.ndarray) -> list[Answers]:
        outputs = run.outputs(inputs)
        asked = (name for name in tasks if name == main or name != RECONSTRUCTION)
        return [answer(name, outputs[:, parts[name]]) for name in asked]

    return answers


def _scores(task: Task, outputs: np.ndarray) -> np.ndarray:
    scores = np.asarray(task.scores(jnp.asarray(outputs)))
    return scores if scores.dtype == np.float64 else scores.astype(np.float32)


def _classes(name: str, task: Task, run: Run) -> tuple[str, ...] | None:
    if not task.classes:
        return None
    return run.classes if name == "class" else tuple(map(str, range(task.classes)))
