"""Steps of training the CNN in Keras with the JAX backend.

    python keras_training.py DATA --steps 200

Written to be fast: data in memory as arrays, `fit` compiled, several steps in an execution. Prints JSON: the
seconds of a step, without those of warming up.
"""

# pyright: reportMissingImports=false
# What it imports is in the environment of the peers.

import argparse
import json
import os
import time

import numpy as np

os.environ["KERAS_BACKEND"] = "jax"

import keras
from keras import layers

BATCH = 128
TOGETHER = 4
"""Steps in an execution: a program holds each of them once more, so many take long to compile."""


def cnn():
    """Of [n, 28, 28, 1]."""
    he = {"kernel_initializer": "he_normal"}
    return keras.Sequential(
        [
            layers.Conv2D(32, 3, padding="same", activation="relu", **he),
            layers.MaxPooling2D(),
            layers.Conv2D(64, 3, padding="same", activation="relu", **he),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dense(128, activation="relu", **he),
            layers.Dense(10, **he),
        ]
    )


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("data")
    parser.add_argument("--steps", type=int, required=True)
    options = parser.parse_args()
    keras.utils.set_random_seed(0)

    with np.load(options.data) as file:
        x, y = file["x"].reshape(-1, 28, 28, 1), file["y"]
    steps = min(options.steps, len(x) // BATCH) // TOGETHER * TOGETHER
    model = cnn()
    model.compile(
        keras.optimizers.Adam(1e-3),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
        jit_compile=True,
        steps_per_execution=TOGETHER,
    )

    def train(steps):
        examples = steps * BATCH
        model.fit(x[:examples], y[:examples], batch_size=BATCH, epochs=1, verbose=0)

    train(2 * TOGETHER)
    began = time.perf_counter()
    train(steps)
    print(json.dumps({"seconds": (time.perf_counter() - began) / steps}))


if __name__ == "__main__":
    main()
