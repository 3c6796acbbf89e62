"""Where the time of a step goes: XLA's operations on the CPU, by the time that they took.

    python -m benchmarks.where dataset=fashion_mnist model=cnn batch_size=128

Prints the kinds of operations that took at least a hundredth of all, and how many there are of each. Where
two run at once, or one holds another as a loop does, both are counted. `--xla_dump_to` in XLA_FLAGS tells
what a fusion holds.
"""

import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import jax
import numpy as np
from jax.profiler import ProfileData

from runner.backend import configure
from runner.composition import compose
from runner.huge_pages import use_huge_pages
from runner.preparation import Prepared, prepare
from runner.states import initial_state

STEPS = 20
LEAST = 0.01


def main() -> None:
    """Takes the steps, and prints."""
    use_huge_pages()
    config = compose(sys.argv[1:])
    configure(config)
    prepared = prepare(config)
    advance(prepared)  # the first is slower
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        with jax.profiler.trace(folder):
            advance(prepared)
        print(f"{1e3 * (time.perf_counter() - began) / STEPS:.2f} ms a step, traced")
        [trace] = Path(folder).rglob("*.xplane.pb")
        taken = operations(trace)
    total, kinds = sum(taken.values()), Counter[str]()
    for name, nanoseconds in taken.items():
        kinds[kind(name)] += nanoseconds
    for name, nanoseconds in kinds.most_common():
        if nanoseconds >= LEAST * total:
            count = sum(kind(own) == name for own in taken)
            print(
                f"{1e-6 * nanoseconds / STEPS:9.3f} ms {100 * nanoseconds / total:5.1f} %  {count:3} {name}"
            )


def advance(prepared: Prepared) -> None:
    """Takes the steps from the start."""
    state, plan = initial_state(prepared), prepared.material.plan
    with prepared.supply.course(prepared.numbers, plan, 0, STEPS, prepared.val) as course:
        count, data = course.steps(0, STEPS)
        first, flag = np.int32(0), np.bool_(True)
        jax.block_until_ready(
            prepared.programs.advance(prepared.numbers, state, first, np.int32(count), flag, data)
        )


def kind(name: str) -> str:
    """An operation's name without its number."""
    return name.rstrip("0123456789").removesuffix(".")


def operations(trace: Path) -> Counter[str]:
    """Nanoseconds by operation."""
    taken: Counter[str] = Counter()
    for plane in ProfileData.from_file(str(trace)).planes:
        for line in plane.lines:
            for event in line.events:
                if any(name == "hlo_op" for name, _ in event.stats):
                    taken[event.name] += int(event.duration_ns)
    return taken


if __name__ == "__main__":
    main()
