"""The training and val splits of a data set, standardized, for the peers.

python -m benchmarks.data FILE.npz dataset=fashion_mnist
"""

import sys

import numpy as np

from runner.composition import compose
from runner.experiment import build_dataset


def main() -> None:
    """Writes x, y, x_val and y_val: inputs [n, features] of float32."""
    path, *overrides = sys.argv[1:]
    dataset = build_dataset(compose(overrides))
    inputs = np.asarray(dataset.inputs).reshape(len(dataset.inputs), -1).astype(np.float32)
    train, val, y = dataset.train, dataset.val, dataset.targets
    mean, deviation = inputs[train].mean(), inputs[train].std()
    x = (inputs - mean) / deviation
    np.savez(path, x=x[train], y=y[train], x_val=x[val], y_val=y[val])


if __name__ == "__main__":
    main()
