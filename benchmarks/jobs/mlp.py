"""Steps of an MLP 256-128-100, batch 128."""

from benchmarks.job import Found, Job, Row, faster, steps
from benchmarks.training import THREADS, runner, scikit_learn, torch

WHAT = "Fashion-MNIST MLP 256-128-100, batch 128, training steps"
EAGER, ONE, COMPILED = "PyTorch, eager", "PyTorch, eager, 1 thread", "PyTorch, torch.compile"
SCIKIT = "scikit-learn"


def job(quick: bool) -> Job:
    """The runner, PyTorch in three ways, and scikit-learn."""
    length = 400 if quick else 1200
    return Job(
        [
            runner(["model=mlp", "model.hidden=[256,128,100]"], length),
            torch(EAGER, "mlp", length, THREADS),
            torch(ONE, "mlp", length, 1),
            torch(COMPILED, "mlp", length, THREADS, "--compile"),
            scikit_learn(SCIKIT, length),
        ],
        rows,
        steps,
    )


def rows(found: Found) -> list[Row]:
    """Against the best PyTorch, and scikit-learn."""
    return [
        faster(WHAT, found, [EAGER, ONE, COMPILED], steps, 1.2, 1.6),
        faster(WHAT, found, [SCIKIT], steps, 1.2, 1.6),
    ]
