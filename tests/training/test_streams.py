"""A stream is its seed's and its purpose's, and nothing else's."""

import jax
import numpy as np
import pytest
from flax import nnx

from runner.training.streams import Streams, stream

PURPOSES = ["init", "batches", "dropout", "augmentation/flip", "augmentation/translate"]


def words(seed: int, purpose: str) -> tuple[int, ...]:
    return tuple(np.asarray(jax.random.key_data(stream(jax.random.key(seed), purpose))).tolist())


def test_every_purpose_and_seed_has_its_own():
    drawn = {words(seed, purpose) for seed in range(20) for purpose in PURPOSES}
    assert len(drawn) == 20 * len(PURPOSES)


def test_it_is_the_same_every_time_and_when_traced():
    traced = jax.jit(lambda seed: jax.random.key_data(stream(jax.random.key(seed), "init")))
    assert tuple(np.asarray(traced(3)).tolist()) == words(3, "init") == words(3, "init")


def drawn(make, seed):
    """What a model might draw, from streams and their forks, and where it leaves them."""
    key = jax.random.key(seed)
    rngs = make(params=key, dropout=jax.random.fold_in(key, 1))
    first, second = rngs.fork(), rngs.fork()
    inner = first.fork()
    keys = [rngs.params(), second.params(), inner.params(), inner.dropout(), first["dropout"].fork()()]
    state = jax.tree.leaves(nnx.state((rngs, first, inner)))
    bits = [leaf if leaf.dtype == np.uint32 else jax.random.key_data(leaf) for leaf in state]
    return [*map(jax.random.key_data, keys), *bits]


@pytest.mark.parametrize("way", [lambda function: function, jax.jit], ids=["called", "traced"])
def test_streams_draw_and_count_as_flax_s_do(way):
    ours, theirs = (way(lambda seed, make=make: drawn(make, seed))(7) for make in (Streams, nnx.Rngs))
    assert len(ours) > 10
    for own, other in zip(ours, theirs, strict=True):
        np.testing.assert_array_equal(own, other)


def test_streams_are_divided_as_flax_s_are():
    ours, theirs = (make(params=jax.random.key(3)).split(4).params.key[...] for make in (Streams, nnx.Rngs))
    np.testing.assert_array_equal(jax.random.key_data(ours), jax.random.key_data(theirs))
