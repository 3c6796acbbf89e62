"""What diagnostics cost: training with each of them over training without.

    python -m benchmarks.diagnostics [REPEATS]

Everything is recorded as in a run, pictures and histograms included; the programs are compiled before. A
round trains once with each option, one right after the other; its ratios are to the training without in that
round. Compare ratios only. Printed are the medians over all rounds, of the time on the clock and of that of
the processor, which what else the machine does disturbs less.
"""

import contextlib
import io
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import jax

from runner.backend import configure
from runner.composition import Job, compose
from runner.huge_pages import use_huge_pages
from runner.interruption import Interruption
from runner.logbook import Logbook
from runner.preparation import Prepared, prepare
from runner.records.console import ProgressLines, new_console
from runner.session import Session
from runner.summary import new_summary, queued_summary

OPTIONS = ("off", "basic", "full")
FASHION = ["dataset=fashion_mnist", "dataset.subset=25600", "dataset.val_fraction=0.02"]
JOBS = {
    "digits mlp": ([], 60),
    "fashion_mnist cnn": ([*FASHION, "model=cnn", "batch_size=128", "epochs=1"], 5),
}


class Took(NamedTuple):
    """Seconds that training took."""

    clock: float
    processor: float


def main() -> None:
    """Prints a line for each job and option."""
    use_huge_pages()
    for name, (overrides, repeats) in JOBS.items():
        if len(sys.argv) > 1:
            repeats = int(sys.argv[1])
        rounds, steps = measure(overrides, repeats)
        alone = statistics.median(took["off"].clock for took in rounds)
        print(f"{name}: {steps} steps, {1e3 * alone / steps:.3f} ms a step without; {repeats} rounds")
        for option in OPTIONS[1:]:
            clock, processor = (
                statistics.median(took[option][part] / took["off"][part] for took in rounds)
                for part in (0, 1)
            )
            print(
                f"    {option} / off: {clock:.3f} on the clock, {processor:.3f} of the processor", flush=True
            )


def measure(overrides: list[str], repeats: int) -> tuple[list[dict[str, Took]], int]:
    """What each option took in each round, after one round that is not counted; and the steps."""
    prepared = {option: _prepare([*overrides, f"diagnostics={option}"]) for option in OPTIONS}
    rounds = []
    for number in range(repeats + 1):
        # Each comes first as often as the others: it finds the caches as the one before left them.
        order = [OPTIONS[(place + number) % len(OPTIONS)] for place in range(len(OPTIONS))]
        rounds.append({option: _train(prepared[option]) for option in order})
    return rounds[1:], prepared["off"].material.plan.total


def _prepare(overrides: list[str]) -> Prepared:
    config = compose(overrides)
    configure(config)
    return prepare(config)


def _train(prepared: Prepared) -> Took:
    plan = prepared.material.plan
    with tempfile.TemporaryDirectory() as place, contextlib.redirect_stdout(io.StringIO()):
        job = Job([], [], {}, "config", None, place)
        book = Logbook(Path(place), new_summary(prepared, queued_summary(job, 0, "", {})), plan)
        progress = ProgressLines(new_console(), plan.total, 0)
        session = Session(
            prepared,
            [book],
            0,
            time.monotonic(),
            lambda *_: None,
            progress,
            Interruption(),
            portrayed=True,
        )
        state = jax.block_until_ready(prepared.programs.start(prepared.numbers, prepared.data))
        clock, processor = time.perf_counter(), time.process_time()
        jax.block_until_ready(session.train(state, plan.total))
        session.close()
        return Took(time.perf_counter() - clock, time.process_time() - processor)


if __name__ == "__main__":
    main()
