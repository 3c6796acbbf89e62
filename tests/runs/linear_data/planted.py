"""Data sets for linear models, with a planted answer."""

import numpy as np

from runner.data.dataset import Source

N, D = 60, 8
SUPPORT = np.array([1.5, 0, 0, -2.0, 0, 0.8, 0, 0])


def planted(kind: str) -> Source:
    """`sparse`: a number that SUPPORT makes of features; `low_rank`: six, by one of rank 2; or `classes`."""
    random = np.random.default_rng(3)
    inputs = random.normal(size=(N, D))
    if kind == "sparse":
        targets = (inputs @ SUPPORT + 0.5 + 0.3 * random.normal(size=N))[:, None]
        return Source(inputs, targets, None, 1.0)
    if kind == "low_rank":
        left, right = (np.linalg.qr(random.normal(size=(size, 2)))[0] for size in (D, 6))
        targets = inputs @ (left * [3, 2]) @ right.T + 0.1 * random.normal(size=(N, 6))
        return Source(inputs, targets, None, 1.0)
    labels = (inputs @ SUPPORT + 0.5 + random.normal(size=N) > 0).astype(np.int32)
    return Source(inputs, labels, ("no", "yes"), 1.0)
