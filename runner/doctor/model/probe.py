"""What the gradients and outputs of a model depend on: a program of one lane, meant for 64-bit floats."""

from collections.abc import Callable
from typing import Any, NamedTuple, TypeAlias

import jax
import jax.numpy as jnp
import numpy as np
from flax import nnx
from jax.flatten_util import ravel_pytree

from runner.training.batches import Data, examples, preprocess
from runner.training.parts import Parts
from runner.training.state import skeleton

STEPS = (1e-4, 1e-5)
"""Of the central differences, in 1 + |w|."""
ARRAYS = 12
"""Of the parameters' arrays, how many are looked at; of each, its largest gradient and one at random."""


Array: TypeAlias = Any  # of JAX in the program, of NumPy on the host


class Probed(NamedTuple):
    """What a model answers to small changes."""

    largest: Array
    """The largest absolute gradient of each of the parameters' arrays, in the order of the tree's leaves."""
    places: Array
    """int32 [m]: entries of all parameters as one vector."""
    gradients: Array
    """[m]: of the training loss in these entries."""
    differences: Array
    """[m, len(STEPS)]: the same by central differences."""
    reach: Array
    """How much the outputs change with each input feature, shaped like one example: 0 where not at all."""
    alone: Array
    """Outputs [h, k] in inference for the first half of the examples."""
    among_others: Array
    """The same in another batch, at other places in it."""


def probe(build: Callable[[], Parts]) -> Callable[[nnx.State, Data], Probed]:
    """The program that looks at variables of a model, of one lane, with all the examples of the data."""

    def run(model: nnx.State, data: Data) -> Probed:
        parts, model = build(), jax.tree.map(lambda leaf: _widened(leaf[0]), model)
        graphdef = skeleton(parts)
        parameters, others = nnx.split_state(model, nnx.Param, ...)
        vector, unravel = ravel_pytree(parameters)
        inputs, targets = examples(data, data.train, parts)
        inputs = preprocess(data, inputs)

        def outputs(vector: jax.Array, inputs: jax.Array, training: bool) -> jax.Array:
            network = nnx.merge(graphdef, unravel(vector), others, copy=True)
            network.train() if training else network.eval()
            return network(inputs)

        def loss(vector: jax.Array) -> jax.Array:
            return jnp.mean(parts.loss(outputs(vector, inputs, True), parts.soften(targets)))

        gradient = jax.grad(loss)(vector)
        leaves = jax.tree.leaves(unravel(jnp.abs(gradient)))
        places = _entries(leaves)
        first = inputs[: len(inputs) // 2]
        mixed = jnp.concatenate([first[::-1], first])
        return Probed(
            jnp.stack([jnp.max(leaf) for leaf in leaves]),
            places,
            gradient[places],
            _central_differences(loss, vector, places),
            _reach(lambda inputs: outputs(vector, inputs, False), inputs),
            outputs(vector, inputs, False)[: len(first)],
            outputs(vector, mixed, False)[len(first) :],
        )

    return run


def _widened(leaf: Any) -> Any:
    wide = jnp.zeros((), float).dtype
    return leaf.astype(wide) if jnp.issubdtype(leaf.dtype, jnp.floating) else leaf


def _entries(gradients: list[jax.Array]) -> jax.Array:
    """Of some arrays, the place of the largest entry in the vector of all, and another one's."""
    random, sizes = np.random.default_rng(0), [leaf.size for leaf in gradients]
    starts = np.cumsum([0, *sizes])
    looked_at = np.unique(np.linspace(0, len(sizes) - 1, ARRAYS).round().astype(int))
    largest = [starts[leaf] + jnp.argmax(gradients[leaf]) for leaf in looked_at]
    others = [starts[leaf] + random.integers(sizes[leaf]) for leaf in looked_at]
    return jnp.stack([*largest, *map(jnp.asarray, others)]).astype(jnp.int32)


def _central_differences(
    function: Callable[[jax.Array], jax.Array], vector: jax.Array, places: jax.Array
) -> jax.Array:
    def along(place: jax.Array) -> jax.Array:
        # One after the other: side by side, they would take the memory of as many batches.
        return jax.lax.map(lambda step: _difference(function, vector, place, step), jnp.asarray(STEPS))

    return jax.lax.map(along, places)


def _difference(
    function: Callable[[jax.Array], jax.Array], vector: jax.Array, place: jax.Array, step: jax.Array
) -> jax.Array:
    by = step * (1 + jnp.abs(vector[place]))
    ends = jax.lax.map(lambda sign: function(vector.at[place].add(sign * by)), jnp.asarray((1.0, -1.0)))
    return (ends[0] - ends[1]) / (2 * by)


def _reach(function: Callable[[jax.Array], jax.Array], inputs: jax.Array) -> jax.Array:
    found, pull = jax.vjp(function, inputs)
    # A sum of outputs may be constant, as that of probabilities; one at random is not.
    direction = np.random.default_rng(0).normal(size=found.shape)
    return jnp.sum(jnp.abs(pull(jnp.asarray(direction, found.dtype))[0]), axis=0)
