"""What a generator is asked for: what it makes of a class is to be distributed as the class is."""

from collections.abc import Callable, Sequence
from typing import Any

import jax
import jax.numpy as jnp
from jax.typing import DTypeLike

from runner.objectives.metrics import weighted_mean
from runner.objectives.tasks import Metric, Task

DRAWS = 4
"""Examples made for each example that a generator is judged by."""
OBJECTIVE = "energy_score"
MEASURES = (OBJECTIVE, "spread", "data_spread")
"""What `judged` puts out behind the terms of the loss."""


def generation(classes: int, terms: Sequence[str]) -> Task:
    """Examples of one of `classes` classes; a generator puts out the `terms` of its loss for each example.

    Best is what has the least energy score: of two players, the loss says little.
    """

    def encode(targets: jax.Array, inputs: jax.Array, dtype: DTypeLike) -> jax.Array:
        return jax.nn.one_hot(targets, classes, dtype=dtype)

    columns = {name: _column(place) for place, name in enumerate((*terms, *MEASURES))}
    return Task(
        classes,
        encode,
        {name: columns[name] for name in terms},
        columns,
        lambda outputs: outputs,
        OBJECTIVE,
        0,
    )


def sum_of_terms(terms: Sequence[str]) -> Callable[[jax.Array, jax.Array], jax.Array]:
    """The loss [n] of a generator: the sum of its first outputs, the terms.

    Raises:
        ValueError: the generator puts out fewer.
    """

    def loss(outputs: jax.Array, targets: jax.Array) -> jax.Array:
        if outputs.ndim != 2 or outputs.shape[1] not in (len(terms), len(terms) + len(MEASURES)):
            shape, expected = list(outputs.shape), ", ".join(terms)
            raise ValueError(f"model: it returns {shape}, expected the terms {expected} of each example")
        return jnp.sum(outputs[:, : len(terms)], axis=-1)

    return loss


def judged(network: Any, inputs: jax.Array, targets: jax.Array) -> jax.Array:
    """The terms of a generator's loss, and `MEASURES` of what it makes of the same classes: [n, terms + 3].

    With d the distance of two images, the root of their mean squared difference, g and g' made of the class
    of x, and x' another example of it in the batch: the energy score E d(x, g) - E d(g, g') / 2, which is
    least where g is distributed as x is (Gneiting and Raftery 2007, section 4.3); the spread E d(g, g'); and
    that of the data, E d(x, x').
    """
    keys = jax.random.split(jax.random.key(0), DRAWS)  # the same each time: weights are compared
    made = [_flat(network.generate(key, targets)) for key in keys]
    own = _flat(inputs)
    near = sum(distance(own, one) for one in made) / DRAWS
    pairs = [distance(one, other) for place, one in enumerate(made) for other in made[:place]]
    spread = sum(pairs) / len(pairs)
    measures = jnp.stack([near - spread / 2, spread, _within_classes(own, targets)], axis=-1)
    terms = network(inputs, targets)
    return jnp.concatenate([terms, measures.astype(terms.dtype)], axis=-1)


def distance(one: jax.Array, other: jax.Array) -> jax.Array:
    """The root of the mean squared difference of each row: [n, d], [n, d] -> [n]."""
    return jnp.sqrt(jnp.mean(jnp.square(one - other), axis=-1))


def _within_classes(rows: jax.Array, targets: jax.Array) -> jax.Array:
    squares = jnp.sum(jnp.square(rows), axis=-1)
    products = rows @ rows.T
    apart = jnp.sqrt(jnp.maximum(squares[:, None] + squares - 2 * products, 0) / rows.shape[-1])
    alike = (targets @ targets.T) * (1 - jnp.eye(len(rows), dtype=rows.dtype))
    return jnp.sum(alike * apart, axis=-1) / jnp.maximum(jnp.sum(alike, axis=-1), 1)


def _flat(images: jax.Array) -> jax.Array:
    return images.reshape(len(images), -1)


def _column(place: int) -> Metric:
    return lambda outputs, targets, weights: weighted_mean(outputs[:, place], weights)
