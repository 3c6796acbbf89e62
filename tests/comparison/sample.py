"""A sweep to show: optimizers, learning rates and seeds, with curves; one corner diverges."""

import itertools
import math

import numpy as np

from runner.comparison import compare
from runner.comparison.model import Comparison
from tests.comparison.sweep_files import write_run

METRIC = "val/accuracy"
RATE = "optimizer.learning_rate"
PEAKS = {"sgd": -1.0, "momentum": -1.7, "adam": -2.7}
HOSTILE = "</script><img src=x onerror=alert(1)>"


def sample(folder, rates=(0.0001, 0.001, 0.01, 0.1), seeds=3, epochs=6, error=HOSTILE, **asked) -> Comparison:
    """The comparison of a sweep that is written for it."""
    runs = itertools.product(PEAKS, rates, range(seeds))
    for number, (optimizer, rate, seed) in enumerate(runs):
        distance = math.log10(rate) - PEAKS[optimizer]
        overrides = [f"optimizer={optimizer}", f"{RATE}={rate}"]
        if distance > 1.5:
            changes = {"value": None, "error": error}
        else:
            changes = {"curve": _curve(number, distance, epochs)}
        write_run(folder / str(number), overrides, seed, **changes)
    return compare([folder], **asked)


def _curve(number, distance, epochs) -> list[float]:
    noise = np.random.default_rng(number).normal(size=epochs) * 0.01
    top = 0.95 * math.exp(-0.15 * distance**2)
    return list(top * (1 - 0.8 * np.exp(-0.9 * np.arange(1, epochs + 1))) + noise)
