"""Steps of a residual network of width 16, batch 128.

Those of He et al. 2015 for small images, which the runner has, have 6n + 2 layers: 20 is the nearest to 18.
"""

from benchmarks.job import Found, Job, Row, faster, steps
from benchmarks.training import THREADS, runner, torch

WHAT = "Fashion-MNIST ResNet-20, width 16, batch 128, training steps"
EAGER, COMPILED = "PyTorch, eager, channels last", "PyTorch, torch.compile"


def job(quick: bool) -> Job:
    """The runner, and PyTorch in two ways."""
    length = 4 if quick else 48
    model = ["model=resnet", "model.width=16", "model.depth=20", "normalization=batch"]
    return Job(
        [
            runner(model, length),
            torch(EAGER, "resnet", length, THREADS),
            torch(COMPILED, "resnet", length, THREADS, "--compile"),
        ],
        rows,
        steps,
    )


def rows(found: Found) -> list[Row]:
    """Against the better PyTorch."""
    return [faster(WHAT, found, [EAGER, COMPILED], steps, 0.9, 1.3)]
