"""What the runner's training loop costs over a loop written by hand.

    python -m benchmarks.overhead [--pairs N]

Both sides train the same network on the same data for the same steps, draw fresh batches every epoch,
evaluate on val every epoch, and compute loss, accuracy and the norm of the gradient. The runner records them
too (metrics.jsonl, TensorBoard, progress), and looks at steps as diagnostics=basic does; the hand-written
side imports nothing of the runner. Each pair of times is taken one right after the other; compare ratios
only. The last line is JSON: the seconds of a step by hand, and those times the median ratio.
"""

import argparse
import contextlib
import io
import json
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import jax
import numpy as np
from hydra.utils import instantiate

from benchmarks import handwritten
from runner.backend import configure
from runner.composition import Job, compose
from runner.huge_pages import use_huge_pages
from runner.interruption import Interruption
from runner.logbook import Logbook
from runner.preparation import Prepared, prepare
from runner.records.console import ProgressLines, new_console
from runner.session import Session
from runner.summary import new_summary, queued_summary

FASHION = ["dataset=fashion_mnist", "dataset.subset=6400", "dataset.val_fraction=0.02"]
JOBS = {
    "digits mlp": (["epochs=300", "preprocessing=none"], 7),
    "fashion_mnist cnn": (
        [*FASHION, "model=cnn", "batch_size=128", "preprocessing=none", "epochs=2"],
        5,
    ),
}


def main() -> None:
    """Prints for each job the median ratio, and all of them."""
    use_huge_pages()  # as the console script does; here for both sides
    parser = argparse.ArgumentParser()
    parser.add_argument("--pairs", type=int)
    asked = parser.parse_args().pairs
    found = {}
    for name, (overrides, pairs) in JOBS.items():
        ratios, seconds, steps = measure(overrides, asked or pairs)
        ratio, by_hand = statistics.median(ratios), statistics.median(seconds) / steps
        shown = " ".join(f"{ratio:.3f}" for ratio in sorted(ratios))
        print(f"{name}: {steps} steps, {1e3 * by_hand:.3f} ms a step by hand;")
        print(f"    runner / by hand: {ratio:.3f} (of {len(ratios)} pairs: {shown})")
        found |= {f"runner, {name}": ratio * by_hand, f"by hand, {name}": by_hand}
    print(json.dumps(found))


def measure(overrides: list[str], pairs: int) -> tuple[list[float], list[float], int]:
    """The ratio of each pair and the seconds by hand, after one pair that is not counted; and the steps."""
    config = compose(overrides)
    configure(config)
    prepared = prepare(config)
    by_hand = _by_hand(prepared)
    ratios, seconds = [], []
    for _ in range(pairs + 1):
        began = time.perf_counter()
        by_hand()
        middle = time.perf_counter()
        _train(prepared)
        seconds.append(middle - began)
        ratios.append((time.perf_counter() - middle) / seconds[-1])
    return ratios[1:], seconds[1:], prepared.material.plan.total


def _by_hand(prepared: Prepared) -> Callable[[], object]:
    dataset, config, plan = prepared.material.dataset, prepared.material.config, prepared.material.plan
    images = (np.asarray(dataset.inputs) / np.float32(dataset.maximum)).astype(np.float32)
    model = instantiate(config.model, _partial_=True)
    return handwritten.compile_loop(
        lambda rngs: model(dataset.input_shape, dataset.outputs, rngs=rngs),
        images[dataset.train],
        dataset.targets[dataset.train],
        (images[dataset.val], dataset.targets[dataset.val]),
        batch_size=config.batch_size,
        learning_rate=config.optimizer.learning_rate,
        epochs=plan.total // plan.per_epoch,
    )


def _train(prepared: Prepared) -> None:
    plan = prepared.material.plan
    with tempfile.TemporaryDirectory() as place, contextlib.redirect_stdout(io.StringIO()):
        job = Job([], [], {}, "config", None, place)
        book = Logbook(Path(place), new_summary(prepared, queued_summary(job, 0, "", {})), plan)
        progress = ProgressLines(new_console(), plan.total, 0)
        session = Session(prepared, [book], 0, time.monotonic(), lambda *_: None, progress, Interruption())
        state = prepared.programs.start(prepared.numbers, prepared.data)
        jax.block_until_ready(session.train(state, plan.total))
        session.close()


if __name__ == "__main__":
    main()
