"""The runs that one program trains as its lanes, and where they stand."""

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from runner.composition import SweepJob
from runner.configuration import identity
from runner.logbook import Logbook
from runner.snapshots import Snapshot, read_snapshot, write_snapshot
from runner.sweeps.options import Division
from runner.sweeps.planning import Numbers, Program
from runner.training.lanes import FLOPS_A_SECOND, LEAST_FLOPS, Layout

STORES = "checkpoints"
COMPILATION_SECONDS = 10.0
"""Rough, and fixed: lanes must be packed at the same step whenever a run is repeated."""


@dataclass
class Member:
    """One run of a sweep."""

    number: int
    folder: Path
    job: SweepJob
    inputs: Numbers
    """What its program takes for it."""
    summary: dict[str, Any]
    book: Logbook | None = None
    """From when its program is compiled; None for one that had ended, whose lane goes on unrecorded."""
    recorded: bool = True

    @functools.cached_property
    def setting(self) -> str:
        """Its config without the seed: the same for the runs that are repeats of one another."""
        return identity({**self.job.resolved, "seed": None})

    @property
    def is_running(self) -> bool:
        """Whether it is still to be trained."""
        return self.recorded and self.summary["status"] == "running"


@dataclass
class Batch:
    """Runs in the order of their lanes."""

    program: Program
    members: list[Member]
    store: Path
    """The file of its snapshots."""
    step: int = 0
    least: int = 1
    """Lanes that its program has at least, so that a batch of fewer runs needs no program of its own."""
    opened: bool = False
    """Whether its runs know what they have come to: those of a batch that was under way before do not."""

    @property
    def is_running(self) -> bool:
        """Whether any of its runs is still to be trained."""
        return any(member.is_running for member in self.members)

    @property
    def lanes(self) -> int:
        """Lanes that it needs."""
        return max(len(self.members), self.least)

    def snapshot(self) -> Snapshot | None:
        """Where it goes on from; None before its first snapshot; raises as `read_snapshot` does."""
        return read_snapshot(self.store) if self.store.exists() else None

    def keep(self, snapshot: Snapshot) -> None:
        """Replaces its snapshot."""
        self.store.parent.mkdir(exist_ok=True)
        write_snapshot(self.store, snapshot._replace(least=self.least))

    def forget(self) -> None:
        """Removes its snapshot."""
        self.store.unlink(missing_ok=True)

    def pack(self, lanes: Sequence[int]) -> None:
        """Goes on with some of its lanes alone, from a snapshot of all of them."""
        snapshot = self.snapshot()
        assert snapshot is not None
        self.members = [self.members[lane] for lane in lanes]
        self.least = 1
        self.keep(snapshot.select(lanes))

    def halves(self) -> list["Batch"]:
        """Two batches of half the runs each, which go on from where this one does."""
        middle = len(self.members) // 2
        snapshot, parts = self.snapshot(), []
        # The second half first: the first takes over the file, and with it what a kill would lose.
        for lanes in (range(middle, len(self.members)), range(middle)):
            members = [self.members[lane] for lane in lanes]
            part = Batch(self.program, members, store_of(self.store.parent.parent, members), self.step)
            if snapshot is not None:
                part.keep(snapshot.select(lanes))
            parts.append(part)
        return parts[::-1]


def store_of(sweep: Path, members: Sequence[Member]) -> Path:
    """The file for the snapshots of these runs: it has the number of one of them."""
    return sweep / STORES / f"{members[0].number}.msgpack"


def into_batches(
    sweep: Path, program: Program, members: Sequence[Member], division: Division, devices: int
) -> list[Batch]:
    """The batches of a program's runs."""
    size = division.runs
    parts = [members[first : first + size] for first in range(0, len(members), size)]
    ordered = [_interleaved(part, devices) for part in parts]
    return [Batch(program, part, store_of(sweep, part), least=division.least) for part in ordered]


def _interleaved(members: Sequence[Member], devices: int) -> list[Member]:
    # Neighbours, which often end alike (too high a rate), on different devices.
    return [member for device in range(devices) for member in members[device::devices]]


def is_worth_packing(batch: Batch, layout: Layout, lanes: Sequence[int], step: int) -> bool:
    """Whether the lanes that still train would be done sooner as a program of their own."""
    devices = len(layout.devices)
    width = layout.lanes // devices
    after = -(-len(lanes) // devices)
    busy = [sum(lane // width == device for lane in lanes) for device in range(devices)]
    before = width if layout.across.__name__ == "together" else max(busy)
    steps = batch.program.material.plan.total - step
    saved = (before - after) * steps * max(batch.program.flops, LEAST_FLOPS) / FLOPS_A_SECOND
    return len(lanes) > 0 and after <= before / 2 and saved > COMPILATION_SECONDS
