"""A stream is its seed's and its purpose's, and nothing else's."""

import jax
import numpy as np

from runner.training.streams import stream

PURPOSES = ["init", "batches", "dropout", "augmentation/flip", "augmentation/translate"]


def words(seed: int, purpose: str) -> tuple[int, ...]:
    return tuple(np.asarray(jax.random.key_data(stream(jax.random.key(seed), purpose))).tolist())


def test_every_purpose_and_seed_has_its_own():
    drawn = {words(seed, purpose) for seed in range(20) for purpose in PURPOSES}
    assert len(drawn) == 20 * len(PURPOSES)


def test_it_is_the_same_every_time_and_when_traced():
    traced = jax.jit(lambda seed: jax.random.key_data(stream(jax.random.key(seed), "init")))
    assert tuple(np.asarray(traced(3)).tolist()) == words(3, "init") == words(3, "init")
