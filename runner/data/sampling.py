"""Which training examples an epoch visits, in which order: functions of a key and the targets [n, ...]."""

import jax
import jax.numpy as jnp

from runner.data.dataset import DataError
from runner.data.shuffling import permutation


def shuffle(key: jax.Array, targets: jax.Array) -> jax.Array:
    """A uniform random permutation, int32 [n]."""
    return permutation(key, len(targets))


def sequential(key: jax.Array, targets: jax.Array) -> jax.Array:
    """The stored order, int32 [n]: shows what not shuffling does."""
    return jnp.arange(len(targets), dtype=jnp.int32)


def balanced(key: jax.Array, targets: jax.Array) -> jax.Array:
    """Every class equally often, to the example, in a random order: int32 [n].

    A large class gives a random part of its examples; a small one repeats its own, each equally often.

    Raises:
        DataError: the targets are not classes, [n].
    """
    if targets.ndim != 1:
        raise DataError("sampler=balanced needs classes, and this data set's targets are numbers")
    shuffling, drawing = jax.random.split(key)
    shuffled = shuffle(shuffling, targets)
    by_class = shuffled[jnp.argsort(targets[shuffled])]
    starts, classes = _starts(targets[by_class])
    # In turns, a class at a time; at random at which turn one begins, so that none always has one more.
    first, order = jax.random.split(drawing)
    turns = shuffle(order, targets) + jax.random.randint(first, (), 0, classes)
    own = turns % classes
    counts = starts[own + 1] - starts[own]
    return by_class[starts[own] + turns // classes % counts]


def _starts(labels: jax.Array) -> tuple[jax.Array, jax.Array]:
    """Where each class begins among sorted labels [n], and n after the last; how many classes there are."""
    begins = jnp.concatenate([jnp.ones(1, bool), labels[1:] != labels[:-1]])
    starts = jnp.nonzero(begins, size=len(labels) + 1, fill_value=len(labels))[0]
    return starts.astype(jnp.int32), jnp.sum(begins)
