"""Ends the runs that have fallen behind at a rung."""

import math
from collections.abc import Sequence

from runner import checkpoints
from runner.folder import write_summary
from runner.sweeps.batches import Batch, Member
from runner.sweeps.display import SweepDisplay
from runner.sweeps.rungs import survivors


def prune(batches: Sequence[Batch], compared: set[str], factor: int, display: SweepDisplay) -> None:
    """Prunes all but the best of the compared settings; the seeds of a setting live or die together.

    A setting counts with the mean of its seeds' best values, and as the last if one of them has none. A pruned
    run keeps its weights, and has no test metrics.
    """
    members = [member for batch in batches for member in batch.members if member.setting in compared]
    maximise = batches[0].program.material.maximise
    kept = survivors(_values(members), factor, maximise)
    for batch in batches:
        losers = [
            lane
            for lane, member in enumerate(batch.members)
            if member.is_running and member.setting in compared - kept
        ]
        if losers:
            _end(batch, losers)
            display.end(len(losers))
            display.skip(len(losers) * (batch.program.material.plan.total - batch.step))
        running = [lane for lane, member in enumerate(batch.members) if member.is_running]
        if not running:
            batch.forget()
        elif losers:
            batch.pack(running)


def _values(members: Sequence[Member]) -> dict[str, float | None]:
    found: dict[str, list[float]] = {}
    for member in members:
        value = member.summary["best"]["value"] if member.summary["status"] != "diverged" else None
        found.setdefault(member.setting, []).append(math.nan if value is None else value)
    return {setting: sum(values) / len(values) for setting, values in found.items()}


def _end(batch: Batch, lanes: Sequence[int]) -> None:
    snapshot = batch.snapshot()
    assert snapshot is not None
    for lane in lanes:
        member = batch.members[lane]
        checkpoints.save(member.folder, snapshot.of_lane(lane))
        member.summary |= {"status": "pruned", "error": None}
        if member.book is None:
            write_summary(member.folder, member.summary)
        else:
            member.book.conclude(batch.step)
