"""Examples that a trained generator makes."""

from collections.abc import Sequence

import jax
import numpy as np
from flax import nnx

from runner.preparation import Prepared
from runner.training.lanes import one_of
from runner.training.program import imagine

BLOCK = 512


class Sampler:
    """Makes examples with the generators that are trained as lanes of a program."""

    def __init__(self, prepared: Prepared) -> None:
        self._prepared = prepared
        self._imagine = jax.jit(one_of(imagine(prepared.build)))

    def __call__(self, model: nnx.State, lane: int, labels: np.ndarray, seed: int) -> np.ndarray:
        """Images float32 [n, height, width, channels] in [0, 1] of classes [n], by a lane's generator."""
        size = min(BLOCK, len(labels))
        padded = np.resize(labels, -(-len(labels) // size) * size).astype(np.int32)
        made = [
            self._imagine(
                self._prepared.numbers, model, np.int32(lane), np.int32(seed), np.int32(number), block
            )
            for number, block in enumerate(padded.reshape(-1, size))
        ]
        return np.concatenate(jax.device_get(made))[: len(labels)].astype(np.float32)


def labels_like(counts: Sequence[int], count: int, seed: int) -> np.ndarray:
    """int32 [count]: classes in the proportions of `counts`, to the example, in an order drawn by `seed`."""
    shares = np.asarray(counts) * count / max(sum(counts), 1)
    whole = np.floor(shares).astype(int)
    # What is left goes to the largest remainders, the first class first among equals.
    whole[np.argsort(whole - shares, kind="stable")[: count - whole.sum()]] += 1
    labels = np.repeat(np.arange(len(counts), dtype=np.int32), whole)
    return np.random.default_rng(seed).permutation(labels)


def stored(images: np.ndarray, dtype: np.dtype, maximum: float) -> np.ndarray:
    """Images in [0, 1] as a data set stores its own: of its dtype, up to its maximum."""
    scaled = images * maximum
    return (np.rint(scaled) if np.issubdtype(dtype, np.integer) else scaled).astype(dtype)
