"""Steps of training the MLP in scikit-learn.

    python sklearn_training.py DATA --steps 2000

Prints JSON: the seconds of a step. The number of steps is rounded to whole epochs.
"""

# pyright: reportArgumentType=false
# scikit-learn's own defaults are taken for the types of its arguments.

import argparse
import json
import time
import warnings

import numpy as np
from sklearn.neural_network import MLPClassifier

BATCH = 128


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("data")
    parser.add_argument("--steps", type=int, required=True)
    options = parser.parse_args()
    warnings.filterwarnings("ignore")  # a fit that is given its epochs has not converged

    with np.load(options.data) as file:
        x, y = file["x"], file["y"]
    per_epoch = min(options.steps, len(x) // BATCH)
    epochs = options.steps // per_epoch
    classifier = MLPClassifier(
        (256, 128, 100), solver="adam", alpha=0.0, batch_size=BATCH, max_iter=epochs, n_iter_no_change=10**6
    )
    began = time.perf_counter()
    classifier.fit(x[: per_epoch * BATCH], y[: per_epoch * BATCH])
    print(json.dumps({"seconds": (time.perf_counter() - began) / (epochs * per_epoch)}))


if __name__ == "__main__":
    main()
