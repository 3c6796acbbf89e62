"""The programs of a run, each for one lane: start, advance, assess; preview and measure, to look at it."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypeAlias

import jax
import jax.numpy as jnp
from flax import nnx

from runner.objectives.penalties import weights
from runner.training.averaging import follow
from runner.training.batches import Data, batch_at, order_at, preprocess, training_batch
from runner.training.parts import EMA, Build, Numbers, Parts
from runner.training.plateau import PlateauState
from runner.training.state import (
    Best,
    State,
    alive,
    create_model,
    initialise,
    skeleton,
    with_parameters,
)
from runner.training.step import Scalars, add_up, evaluate, step

PREVIEWED = 32

Advance: TypeAlias = Callable[..., tuple[State, "Record"]]


class Record(NamedTuple):
    """What the host learns of a chunk of steps."""

    scalars: Scalars
    """Totals over the steps since the last fresh start, by tag."""
    learning_rate: jax.Array
    """Of the last step."""
    diverged: jax.Array
    """The first step whose loss was not finite, or -1."""


class Verdict(NamedTuple):
    """What the host learns of an evaluation."""

    scalars: Scalars
    weights: Scalars
    """What is measured of the weights, by tag."""
    best_value: jax.Array
    best_step: jax.Array
    stopped: jax.Array
    """Whether patience ran out."""
    diverged: jax.Array
    """As of a record; this evaluation's own loss is one that may not be finite."""


class Assessment(NamedTuple):
    """An evaluation: what goes into the state, and what is looked at."""

    best: Best
    stopped: jax.Array
    diverged: jax.Array
    plateau: PlateauState | None
    verdict: Verdict
    outputs: jax.Array
    """[padded examples, k]; stays on the device unless it is drawn."""


def start(build: Build) -> Callable[[Numbers, Data], State]:
    """The program that makes the state before the first step."""

    def run(numbers: Numbers, data: Data) -> State:
        parts = build(numbers)
        return initialise(parts, nnx.state(create_model(parts)), data)

    return run


def start_from(build: Build) -> Callable[[Numbers, nnx.State, Data], State]:
    """The program that makes the state before the first step, with these variables of the model."""

    def run(numbers: Numbers, model: nnx.State, data: Data) -> State:
        return initialise(build(numbers), model, data)

    return run


def advance(build: Build) -> Advance:
    """The program that takes any number of steps.

    A lane that has stopped, or whose loss stops being finite on the way, keeps the state it came with.
    """

    def run(
        numbers: Numbers, state: State, first: jax.Array, count: jax.Array, fresh: jax.Array, data: Data
    ) -> tuple[State, Record]:
        parts = build(numbers) if state.plateau is None else build(numbers, state.plateau.scale)
        totals = jax.tree.map(lambda total: jnp.where(fresh, 0, total), state.totals)
        fresher = state._replace(totals=totals)
        moved = _where(alive(state), _advanced(parts, fresher, first, count, data), state)
        rate = jnp.asarray(parts.schedule(first + count - 1), data.maximum.dtype)
        return _unless_diverged(state, moved), Record(moved.totals, rate, moved.diverged)

    return run


def skipping(advance: Advance) -> Advance:
    """`advance` of one lane, which takes no time where the lane had ended before."""

    def run(
        numbers: Numbers, state: State, first: jax.Array, count: jax.Array, fresh: jax.Array, data: Data
    ) -> tuple[State, Record]:
        # What is recorded of a lane that has ended is not looked at.
        nothing = Record(state.totals, jnp.zeros((), data.maximum.dtype), state.diverged)
        return jax.lax.cond(
            alive(state),
            lambda: advance(numbers, state, first, count, fresh, data),
            lambda: (state, nothing),
        )

    return run


def past_best(advance: Advance) -> Advance:
    """`advance` of all lanes, the best weights led past it: no step touches them, and so none copies them."""

    def run(numbers: Numbers, state: State, *arguments: Any) -> tuple[State, Record]:
        moved, record = advance(numbers, state._replace(best=None), *arguments)
        return moved._replace(best=state.best), record

    return run


def _advanced(parts: Parts, state: State, first: jax.Array, count: jax.Array, data: Data) -> State:
    graphdef = skeleton(parts)

    def body(done: jax.Array, carry: tuple[Any, ...]) -> tuple[Any, ...]:
        model, optimizer, order, ema, totals, diverged = carry
        index = first + done
        order = order_at(parts, data, order, index)
        batch = batch_at(parts, data, order, index)
        model, optimizer, scalars = step(parts, graphdef, model, optimizer, data, batch, index)
        if parts.ema is not None:
            ema = follow(ema, nnx.filter_state(model, nnx.Param), parts.ema, index)
        lost = (diverged < 0) & ~jnp.isfinite(scalars["train/loss"])
        totals = add_up(totals, scalars)
        return model, optimizer, order, ema, totals, jnp.where(lost, index + 1, diverged)

    carry = state.model, state.optimizer, state.order, state.ema, state.totals, state.diverged
    model, optimizer, order, ema, totals, diverged = jax.lax.fori_loop(0, count, body, carry)
    return state._replace(
        model=model, optimizer=optimizer, order=order, ema=ema, totals=totals, diverged=diverged
    )


def assess(build: Build) -> Callable[..., Assessment]:
    """The program that evaluates a lane, keeps its best weights and counts its patience.

    It finds what no step's loss shows: that the last update was one too far. What is evaluated, and kept, are
    the weights that the optimizer says are to be; or with `as_is` the model as it stands. Averaged weights
    are evaluated beside them, and kept instead where the objective is a metric of theirs.
    """

    def run(
        numbers: Numbers,
        state: State,
        at: jax.Array,
        as_is: jax.Array,
        indices: jax.Array,
        count: jax.Array,
        data: Data,
    ) -> Assessment:
        parts = build(numbers)
        graphdef, models = skeleton(parts), evaluated(parts, state, as_is)
        found = {
            prefix: evaluate(parts, graphdef, model, data, indices, count) for prefix, model in models.items()
        }
        return judged(parts, state, models, found, at)

    return run


def judged(
    parts: Parts,
    state: State,
    models: Mapping[str, nnx.State],
    found: Mapping[str, tuple[Scalars, jax.Array]],
    at: jax.Array,
) -> Assessment:
    """What follows for a lane from the metrics and outputs of each of its models, evaluated `at` a step."""
    scalars = {f"{prefix}{name}": value for prefix, own in found.items() for name, value in own[0].items()}
    model = models[EMA if parts.objective.startswith(EMA) else ""]
    sound = _sound(state.model, scalars["loss"])
    diverged = jnp.where(alive(state) & ~sound, at, state.diverged)
    best = _better(parts, state, model, scalars[parts.objective], at, sound)
    impatient = jnp.bool_(False) if parts.patience is None else best.stale >= parts.patience
    stopped = state.stopped | impatient
    plateau = state.plateau
    if parts.plateau is not None and plateau is not None:
        plateau = parts.plateau.watch(plateau, scalars[parts.objective], parts.maximise)
    verdict = Verdict(scalars, _measured(parts, model), best.value, best.step, stopped, diverged)
    return Assessment(best, stopped, diverged, plateau, verdict, found[""][1])


def measure(build: Build) -> Callable[..., tuple[Scalars, jax.Array]]:
    """The program that evaluates variables of a model without a state: what `assess` finds, and no more."""

    def run(
        numbers: Numbers, model: nnx.State, indices: jax.Array, count: jax.Array, data: Data
    ) -> tuple[Scalars, jax.Array]:
        parts = build(numbers)
        return evaluate(parts, skeleton(parts), model, data, indices, count)

    return run


def respond(build: Build) -> Callable[..., jax.Array]:
    """The program that gives a lane's scores [n, k] for raw inputs [n, ...] that are no examples."""

    def run(numbers: Numbers, model: nnx.State, inputs: jax.Array, data: Data) -> jax.Array:
        parts = build(numbers)
        network = nnx.merge(skeleton(parts), model, copy=True)
        network.eval()
        return parts.task.scores(network(preprocess(data, inputs / data.maximum)))

    return run


def imagine(build: Build) -> Callable[..., jax.Array]:
    """The program in which a lane's generator makes examples [n, ...] in [0, 1] of classes int32 [n].

    What it draws depends on `seed` and `number`, which tells blocks of one draw apart.
    """

    def run(
        numbers: Numbers, model: nnx.State, seed: jax.Array, number: jax.Array, classes: jax.Array
    ) -> jax.Array:
        parts = build(numbers)
        network: Any = nnx.merge(skeleton(parts), model, copy=True)
        network.eval()
        key = jax.random.fold_in(jax.random.key(seed), number)
        return network.generate(key, jax.nn.one_hot(classes, parts.task.outputs))

    return run


def rate_at(build: Build) -> Callable[[Numbers, jax.Array], jax.Array]:
    """The program that gives the learning rate after so many steps; 0 for one that waits for a plateau."""

    def run(numbers: Numbers, step: jax.Array) -> jax.Array:
        parts = build(numbers)
        return jnp.asarray(parts.schedule(step)) * (parts.plateau is None)

    return run


def preview(build: Build) -> Callable[[Numbers, Data], tuple[jax.Array, jax.Array]]:
    """The program that shows training examples as the model sees them, and their stored targets."""

    def run(numbers: Numbers, data: Data) -> tuple[jax.Array, jax.Array]:
        parts = build(numbers)
        indices = data.train[: min(PREVIEWED, parts.batch_size)]
        inputs, *_ = training_batch(parts, data, indices, jnp.int32(0))
        return inputs, data.targets[indices]

    return run


def evaluated(parts: Parts, state: State, as_is: jax.Array) -> dict[str, nnx.State]:
    """The models to evaluate, by the prefix of their metrics."""
    parameters = nnx.filter_state(state.model, nnx.Param)
    found = {"": _where(as_is, parameters, parts.evaluated(state.optimizer, parameters))}
    if state.ema is not None:
        found[EMA] = state.ema
    return {prefix: with_parameters(state.model, weights) for prefix, weights in found.items()}


def _measured(parts: Parts, model: nnx.State) -> Scalars:
    found = weights(nnx.filter_state(model, nnx.Param))
    return {f"regularizer/{name}": measure(found) for name, measure in parts.measures.items()}


def _sound(model: nnx.State, loss: jax.Array) -> jax.Array:
    # One vector of all weights: a check of each would be many small kernels, each of which XLA compiles.
    found = [jnp.ravel(leaf) for leaf in jax.tree.leaves(nnx.filter_state(model, nnx.Param))]
    return jnp.isfinite(loss) & jnp.all(jnp.isfinite(jnp.concatenate(found)))


def _better(
    parts: Parts, state: State, model: nnx.State, value: jax.Array, at: jax.Array, sound: jax.Array
) -> Best:
    best = state.best
    better = value > best.value if parts.maximise else value < best.value
    # An accuracy is finite where the loss is not; and a score of infinity is no score.
    improved = better & sound & jnp.isfinite(value) & alive(state)
    chosen = Best(model, value.astype(best.value.dtype), at, jnp.zeros_like(best.stale))
    waited = best._replace(stale=best.stale + alive(state))
    return _where(improved, chosen, waited)


def _unless_diverged(before: State, after: State) -> State:
    return _where(after.diverged < 0, after, before)._replace(diverged=after.diverged)


def _where(condition: jax.Array, first: Any, second: Any) -> Any:
    return jax.tree.map(lambda a, b: jnp.where(condition, a, b), first, second)
