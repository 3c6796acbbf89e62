"""An evaluation of streamed data: what models answer is gathered a window at a time, then marked at once."""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from flax import nnx

from runner.training.batches import Data, examples
from runner.training.parts import Build, Numbers, Parts
from runner.training.program import Assessment, evaluated, judged
from runner.training.state import State, skeleton
from runner.training.step import Scalars, blank, fill, responding, score

Models = dict[str, nnx.State]
"""What is evaluated, by the prefix of its metrics."""


class Answers(NamedTuple):
    """To the examples of a split, as far as their windows have come."""

    outputs: dict[str, Any]
    """[batches, b, k] of each model."""
    targets: Any
    """[batches, b, k], kept too: a network may be asked for its inputs, and only their window has them."""


class Window(NamedTuple):
    """Data that has the examples of some steps, or batches of an evaluation: `first` to before `last`."""

    first: int
    last: int
    data: Data


class Examination(NamedTuple):
    """The compiled programs that together are `program.assess`, to the bit."""

    begin: Callable[..., tuple[Models, Answers]]
    answer: Callable[..., Answers]
    judge: Callable[..., Assessment]

    def __call__(
        self,
        numbers: Numbers,
        state: State,
        at: np.int32,
        as_is: np.bool_,
        indices: jax.Array,
        count: np.int32,
        windows: Iterable[Window],
    ) -> Assessment:
        """Evaluates the lanes, as `program.assess` says; `windows` have all batches of `indices`."""
        models, answers = self.begin(numbers, state, as_is)
        answers = gather(self.answer, numbers, models, answers, indices, windows)
        return self.judge(numbers, state, models, answers, at, count)


def gather(
    answer: Callable[..., Answers],
    numbers: Numbers,
    models: Models,
    answers: Answers,
    indices: Any,
    windows: Iterable[Window],
) -> Answers:
    """The answers of all windows; `answer` is the program of that name."""
    for window in windows:
        span = np.int32(window.first), np.int32(window.last)
        answers = answer(numbers, models, answers, *span, indices, window.data)
    return answers


def begin(build: Build, indices: Any, data: Data) -> Callable[..., tuple[Models, Answers]]:
    """The program that takes the models to evaluate from a state, and makes room for their answers.

    `indices` [batches, b] and `data` are wanted for their shapes alone.
    """

    def run(numbers: Numbers, state: State, as_is: jax.Array) -> tuple[Models, Answers]:
        parts = build(numbers)
        models = evaluated(parts, state, as_is)
        return models, _unanswered(parts, models, indices, data)

    return run


def begin_with(build: Build, indices: Any, data: Data) -> Callable[..., tuple[Models, Answers]]:
    """`begin` where variables of a model are given instead of a state."""

    def run(numbers: Numbers, model: nnx.State) -> tuple[Models, Answers]:
        return {"": model}, _unanswered(build(numbers), {"": model}, indices, data)

    return run


def answer(build: Build) -> Callable[..., Answers]:
    """The program that adds the answers to the batches from `first` to before `last`, which `data` has."""

    def run(
        numbers: Numbers,
        models: Models,
        answers: Answers,
        first: jax.Array,
        last: jax.Array,
        indices: jax.Array,
        data: Data,
    ) -> Answers:
        asked = _functions(build(numbers), models, data)
        return jax.tree.map(
            lambda found, function: fill(found, function, indices, first, last), answers, asked
        )

    return run


def judge(build: Build) -> Callable[..., Assessment]:
    """The program that makes an assessment of all answers."""

    def run(
        numbers: Numbers, state: State, models: Models, answers: Answers, at: jax.Array, count: jax.Array
    ) -> Assessment:
        parts = build(numbers)
        return judged(parts, state, models, _marked(parts, answers, count), at)

    return run


def mark(build: Build) -> Callable[..., tuple[Scalars, jax.Array]]:
    """The program that measures the answers of the one model that `begin_with` was given."""

    def run(numbers: Numbers, answers: Answers, count: jax.Array) -> tuple[Scalars, jax.Array]:
        return _marked(build(numbers), answers, count)[""]

    return run


def _marked(parts: Parts, answers: Answers, count: jax.Array) -> dict[str, tuple[Scalars, jax.Array]]:
    targets = answers.targets.reshape(-1, answers.targets.shape[-1])
    outputs = {prefix: own.reshape(-1, own.shape[-1]) for prefix, own in answers.outputs.items()}
    return {prefix: (score(parts, own, targets, count), own) for prefix, own in outputs.items()}


def _functions(parts: Parts, models: Models, data: Data) -> Answers:
    """What answers a batch, in the place of each answer."""
    graphdef = skeleton(parts)
    own = {prefix: responding(parts, graphdef, model, data) for prefix, model in models.items()}
    return Answers(own, lambda batch: examples(data, batch, parts)[1])


def _unanswered(parts: Parts, models: Models, indices: Any, data: Data) -> Answers:
    def blanks(indices: jax.Array, data: Data) -> Answers:
        return jax.tree.map(lambda function: blank(function, indices), _functions(parts, models, data))

    # Of one lane: where the arrays are is of no matter here.
    bare = jax.tree.map(lambda leaf: jax.ShapeDtypeStruct(leaf.shape, leaf.dtype), (indices, data))
    shapes = jax.eval_shape(blanks, *bare)
    return jax.tree.map(lambda leaf: jnp.zeros(leaf.shape, leaf.dtype), shapes)
