"""Steps of a CNN with two convolutions (32 and 64 features, 3x3), batch 128, and its floating-point rate."""

import sys

from benchmarks.commands import Figures, Place, timed
from benchmarks.job import Found, Job, Row, faster, steps
from benchmarks.peers.environment import peer_python
from benchmarks.training import PEERS, THREADS, keras, runner, told, torch

WHAT = "Fashion-MNIST CNN (32, 64; 3x3), batch 128, training steps"
EAGER, COMPILED, KERAS = "PyTorch, eager, channels last", "PyTorch, torch.compile", "Keras, JAX"
PRODUCTS = ["at the rate of JAX's matrix products", "at the rate of PyTorch's"]

BATCH = 128
CONVOLUTIONS = ((28, 1, 32), (14, 32, 64))
DENSE = ((7 * 7 * 64, 128), (128, 10))


def job(quick: bool) -> Job:
    """The runner, PyTorch in two ways, Keras, and the products of matrices that JAX and PyTorch make."""
    length = 20 if quick else 240
    return Job(
        [
            runner(["model=cnn"], length),
            torch(EAGER, "cnn", length, THREADS),
            torch(COMPILED, "cnn", length, THREADS, "--compile"),
            keras(KERAS, length),
            peak,
        ],
        rows,
        steps,
    )


def rows(found: Found) -> list[Row]:
    """Against the better PyTorch, against Keras, and against the machine."""
    return [
        faster(WHAT, found, [EAGER, COMPILED], steps, 1.0, 1.4),
        faster(WHAT, found, [KERAS], steps, 1.0, 1.4),
        faster("the same, floating-point rate", found, PRODUCTS, _rate, 0.45, 0.65),
    ]


def peak(place: Place) -> Figures:
    """How long a step would take as one product of large matrices."""
    jax = timed(place, [sys.executable, PEERS / "jax_peak.py"])
    torch = timed(place, [peer_python(), PEERS / "torch_peak.py", "--threads", str(THREADS)])
    times = [operations() / told(timing, "rate") for timing in (jax, torch)]
    return dict(zip(PRODUCTS, times, strict=True))


def operations() -> float:
    """Floating-point operations of a step: the products of its layers, forward and for both gradients.

    The gradient of the images is not taken. An addition and a multiplication are two.
    """
    convolutions = [2 * side**2 * 9 * inputs * features for side, inputs, features in CONVOLUTIONS]
    dense = [2 * inputs * outputs for inputs, outputs in DENSE]
    return BATCH * (3 * sum(convolutions) - convolutions[0] + 3 * sum(dense))


def _rate(taken: float) -> str:
    return f"{operations() / taken / 1e9:.0f} GFLOP/s"
