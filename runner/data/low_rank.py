"""A linear map of low rank, seen through noise."""

import numpy as np

from runner.data.dataset import DataError, Source


def low_rank(*, samples: int, inputs: int, outputs: int, rank: int, noise: float, seed: int) -> Source:
    """Normal inputs, and what a map of low rank makes of them.

    Inputs are float32 [samples, inputs] of variance 1; targets are float32 [samples, outputs], inputs times
    U V^T plus normal noise. U [inputs, rank] and V [outputs, rank] have orthonormal columns, scaled so that
    without noise the targets have a mean square of 1: all singular values of the map but 0 are alike.

    Args:
        samples: how many examples.
        inputs: how many features an example has.
        outputs: how many targets.
        rank: of the map.
        noise: its standard deviation.
        seed: fixes map and examples, whatever the seed of the run.

    Raises:
        DataError: no such map has that rank.
    """
    if rank > min(inputs, outputs):
        raise DataError(
            f"dataset.rank={rank}: expected at most {min(inputs, outputs)}, as inputs and outputs are"
        )
    random = np.random.default_rng(seed)
    left, right = (np.linalg.qr(random.normal(size=(side, rank)))[0] for side in (inputs, outputs))
    x = random.normal(size=(samples, inputs))
    y = x @ left @ right.T * np.sqrt(outputs / rank) + noise * random.normal(size=(samples, outputs))
    return Source(x.astype(np.float32), y.astype(np.float32), None, 1.0)
