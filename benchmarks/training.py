"""Sides that take steps of training on Fashion-MNIST, and are timed without start-up, compilation and val."""

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.commands import ROOT, Figures, Place, Timing, new_folder, timed, warm
from benchmarks.job import Side
from benchmarks.peers.environment import KERAS, peer_python

PEERS = ROOT / "benchmarks" / "peers"
DATA = ("fashion_mnist", "dataset.val_fraction=0.02")
"""A small val: it is evaluated once, and no part of what is timed."""
THREADS = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def runner(overrides: Sequence[str], steps: int) -> Side:
    """`runner train` as it is, recording included; the time is that which its summary calls training."""

    def measure(place: Place) -> Figures:
        folder = new_folder(place) / "run"
        length = [f"steps={steps}", f"eval_every={steps}", f"output_dir={folder}"]
        command = [sys.executable, "-m", "runner", "train", f"dataset={DATA[0]}", *DATA[1:], "batch_size=128"]
        timing = timed(place, [*command, *overrides, *length], warm())
        told = json.loads((folder / "summary.json").read_text())["seconds"]["train"]
        return {**timing.figures("runner"), "runner": told / steps}

    return measure


def torch(name: str, model: str, steps: int, threads: int, *flags: str) -> Side:
    """PyTorch."""
    options = ["--model", model, "--steps", str(steps), "--threads", str(threads), *flags]
    return lambda place: _script(place, name, peer_python(), "torch_training.py", *options)


def keras(name: str, steps: int) -> Side:
    """Keras on JAX."""
    return lambda place: _script(place, name, peer_python(KERAS), "keras_training.py", "--steps", str(steps))


def scikit_learn(name: str, steps: int) -> Side:
    """scikit-learn's MLPClassifier."""
    return lambda place: _script(place, name, peer_python(), "sklearn_training.py", "--steps", str(steps))


def _script(place: Place, name: str, python: Path, script: str, *options: str) -> Figures:
    timing = timed(place, [python, PEERS / script, place.data(*DATA), *options], warm())
    return {**timing.figures(name), name: told(timing, "seconds")}


def told(timing: Timing, key: str) -> float:
    """What a script that prints JSON said."""
    return json.loads(timing.last)[key]
