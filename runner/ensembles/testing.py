"""What an ensemble comes to on test, once it is loaded."""

from collections.abc import Mapping
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from flax import nnx

from runner.ensembles.ingredients import Ingredients
from runner.ensembles.outcome import Outcome, judge
from runner.examining import examiner
from runner.objectives.joint import columns
from runner.objectives.tasks import Task
from runner.runs import Run
from runner.training.lanes import alone


class Tested(NamedTuple):
    """An ensemble on test."""

    task: Task
    metrics: Mapping[str, float]
    """What `runner evaluate` will find."""
    outputs: np.ndarray
    """Of the main task, [n, k]."""
    outcome: Outcome


def test(run: Run, ingredients: Ingredients) -> Tested:
    """Evaluates an ensemble on test and compares it with its members."""
    answers, split = ingredients.answers, ingredients.dataset.test
    lanes = jax.tree.map(lambda leaf: leaf[None], nnx.state(run.model))
    found, outputs = examiner(run, ingredients.dataset, alone())(lanes, split)
    main = next(iter(columns(run.tasks).values()))
    said = np.asarray(answers.kind.say(jnp.asarray(np.asarray(outputs)[0, : len(split), main])))
    outcome = judge(answers.kind, said, answers.test.members, ingredients.best, answers.test.targets)
    metrics = {f"test/{name}": float(value[0]) for name, value in found.items()}
    return Tested(next(iter(run.tasks.values())), metrics, said, outcome)
