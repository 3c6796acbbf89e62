"""What is asked of a sweep as a whole, and what this machine makes of it."""

from collections.abc import Sequence
from typing import NamedTuple

import jax

from runner.backend import configure, use_every_core
from runner.composition import SweepJob
from runner.composition.jobs import check_shared
from runner.memory import free_bytes
from runner.sweeps.planning import Program, config_of
from runner.training.lanes import most_lanes

STATES = 3
"""How often a state lies in memory while it trains: before a chunk, after it, and on its way to the disk."""


class Options(NamedTuple):
    """What `sweep.*` says, and whoever asks for the sweep."""

    lanes: int | None
    isolated: bool
    fail_fast: bool
    pruning: str | None
    rungs: int
    factor: int
    least: int = 1
    """Lanes that a program has at least."""


def prepare(jobs: Sequence[SweepJob], least: int = 1) -> Options:
    """What the jobs share beyond their programs, once JAX is configured for it.

    Raises ConfigError where the jobs do not go together.
    """
    check_shared(jobs)
    section = jobs[0].resolved["sweep"]
    use_every_core()
    config = config_of(jobs[0])
    config.precision = "float32"  # each program has a width of its own
    configure(config)
    asked = {key: section[key] for key in Options._fields if key in section}
    return Options(**asked, least=least)


class Division(NamedTuple):
    """How the runs of a program are divided into batches, all of a size but perhaps the last."""

    batches: int
    runs: int
    """Of a batch."""
    least: int
    """Lanes that the program of a batch has at least."""

    @property
    def lanes(self) -> int:
        """Of the program of a whole batch, before it is laid out."""
        return max(self.runs, self.least)


def divide(program: Program, runs: int, options: Options) -> Division:
    """The fewest batches that memory, and `sweep.lanes`, have room for."""
    most = _most(program, options)
    batches = -(-runs // most)
    return Division(batches, -(-runs // batches), min(options.least, most))


def most_at_once(flops: float, size: int, asked: int | None) -> int:
    """How many lanes to train at once: those asked for, or as many as are fast, if the memory holds them.

    A step of a lane is `flops` operations, its state `size` bytes.
    """
    fitting = len(jax.devices()) * free_bytes(jax.devices()[0]) // (STATES * max(size, 1))
    return max(1, min(asked or most_lanes(flops, jax.devices()), fitting))


def _most(program: Program, options: Options) -> int:
    return 1 if options.isolated else most_at_once(program.flops, program.bytes, options.lanes)
