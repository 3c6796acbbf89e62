"""A sweep's programs and nothing else: no folder, no record, no summary.

    python -m benchmarks.programs_alone [--one-by-one] OVERRIDES...

Overrides are swept as `runner train -m` sweeps them. All runs are lanes of the same programs in the same
batches as in the runner; with `--one-by-one` the compiled program of a single run is called once a run
instead. Prints JSON: the seconds that the programs took to train, evaluate and test, without compiling them.
"""

import argparse
import itertools
import json
import time
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import jax
import numpy as np
from hydra.core.override_parser.overrides_parser import OverridesParser

from runner.backend import configure, use_every_core
from runner.composition import SweepJob
from runner.composition.composer import Composer
from runner.composition.jobs import JobComposer
from runner.composition.source import Source
from runner.experiment import as_arrays
from runner.preparation import Prepared, compile_lanes, real
from runner.sweeps.planning import Program, config_of, plan
from runner.training.lanes import MOST_LANES, Layout, alone, lay_out, spread
from runner.training.loop import Chunk, train
from runner.training.state import State


class Nobody(NamedTuple):
    """An observer that records nothing."""

    def begin(self, signals: jax.Array | None) -> None:
        """Looks away."""

    def observe(self, chunk: Chunk) -> bool:
        """Goes on."""
        return False

    def wants_state(self, step: int) -> bool:
        """Never."""
        return False

    def keep(self, step: int, state: State) -> bool:
        """Goes on."""
        return False


def main() -> None:
    """Trains, and prints how long that took."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--one-by-one", action="store_true")
    parser.add_argument("overrides", nargs="+")
    options = parser.parse_args()
    jobs = compose_all(options.overrides)
    if not options.one_by_one:
        use_every_core()
    configure(config_of(jobs[0]))
    seconds = sum(run(program, options.one_by_one) for program in plan(jobs).programs)
    print(json.dumps({"runs": len(jobs), "seconds": seconds}))


def compose_all(overrides: Sequence[str]) -> list[SweepJob]:
    """The jobs of a grid."""
    composer = JobComposer(Composer(Source(None)), [], [])
    parsed = OverridesParser.create().parse_overrides(list(overrides))
    values = [
        list(override.sweep_string_iterator())
        if override.is_sweep_override()
        else [override.get_value_element_as_str()]
        for override in parsed
    ]
    keys = [override.get_key_element() for override in parsed]
    return [
        composer.compose([f"{key}={value}" for key, value in zip(keys, job, strict=True)])
        for job in itertools.product(*values)
    ]


def run(program: Program, one_by_one: bool) -> float:
    """The seconds that the runs of a program take, once it is compiled."""
    prepared, seconds = None, 0.0
    for layout, inputs in batches(program, one_by_one):
        if prepared is None:
            prepared = compile_lanes(program.material, program.lane, inputs, layout)
        padded = [*inputs, *[inputs[-1]] * (layout.lanes - len(inputs))]
        began = time.perf_counter()
        numbers = spread(as_arrays(padded, real(program.material.config)), layout)
        train_and_test(prepared._replace(numbers=numbers))
        seconds += time.perf_counter() - began
    return seconds


def batches(program: Program, one_by_one: bool) -> Iterator[tuple[Layout, Sequence]]:
    """The inputs of the runs that are trained at once."""
    size = 1 if one_by_one else -(-len(program.inputs) // -(-len(program.inputs) // MOST_LANES))
    layout = alone() if one_by_one else lay_out(size, program.flops, jax.devices())
    for first in range(0, len(program.inputs), size):
        yield layout, program.inputs[first : first + size]


def train_and_test(prepared: Prepared) -> None:
    """What a session asks of the programs."""
    programs, supply, plan = prepared.programs, prepared.supply, prepared.material.plan
    state = programs.start(prepared.numbers, prepared.data)
    state = train(programs, prepared.numbers, state, supply, plan, 0, plan.total, prepared.val, Nobody())
    best = state._replace(model=state.best.model)
    jax.device_get(
        programs.assess(
            prepared.numbers,
            best,
            np.int32(plan.total),
            np.bool_(True),
            *prepared.test,
            supply.evaluation(prepared.test),
        ).verdict
    )


if __name__ == "__main__":
    main()
