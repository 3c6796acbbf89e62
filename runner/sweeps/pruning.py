"""Ends the runs that have fallen behind at a rung: they keep their weights, and have no test metrics."""

import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from runner import checkpoints
from runner.folder import write_summary
from runner.sweeps.batches import STORES, Batch, Member
from runner.sweeps.display import SweepDisplay
from runner.sweeps.rungs import survivors

NAME = "rungs.json"


class Decision(NamedTuple):
    """What has been decided at the rungs so far."""

    rungs: int
    """How many have been."""
    pruned: list[int]
    """The runs that the last of them ended."""


def decide(members: Sequence[Member], compared: set[str], factor: int, maximise: bool) -> list[int]:
    """The runs of all but the best of the compared settings; the seeds of a setting live or die together.

    A setting counts with the mean of its seeds' best values, and as the last if one of them has none; one
    that was pruned before does not count.
    """
    out = {member.setting for member in members if member.summary["status"] == "pruned"}
    values = _values([member for member in members if member.setting in compared - out])
    kept = survivors(values, factor, maximise)
    return [
        member.number for member in members if member.is_running and member.setting in values.keys() - kept
    ]


def carry_out(decision: Decision, batches: Sequence[Batch], display: SweepDisplay) -> None:
    """Ends the runs that were decided against; those of them that have ended already stay as they are."""
    pruned = set(decision.pruned)
    for batch in batches:
        running = [lane for lane, member in enumerate(batch.members) if member.is_running]
        losers = [lane for lane in running if batch.members[lane].number in pruned]
        if losers:
            _end(batch, losers)
            display.end(len(losers))
            display.skip(len(losers) * (batch.program.material.plan.total - batch.step))
            _go_on_with(batch, [lane for lane in running if lane not in losers])


def read_decision(sweep: Path) -> Decision:
    """What has been decided in a sweep so far."""
    path = sweep / STORES / NAME
    return Decision(**json.loads(path.read_text(encoding="utf-8"))) if path.exists() else Decision(0, [])


def keep_decision(sweep: Path, decision: Decision) -> None:
    """Replaces what has been decided: a kill while it is carried out decides nothing anew."""
    path = sweep / STORES / NAME
    path.parent.mkdir(exist_ok=True)
    partial = path.with_suffix(".partial")
    partial.write_text(json.dumps(decision._asdict()), encoding="utf-8")
    partial.replace(path)


def _go_on_with(batch: Batch, lanes: Sequence[int]) -> None:
    if lanes:
        batch.pack(lanes)
    else:
        batch.forget()


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
