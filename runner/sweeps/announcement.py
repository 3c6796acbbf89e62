"""What a sweep will do, said before it does it."""

import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from runner.composition import SweepJob
from runner.sweeps.display import duration
from runner.sweeps.options import Division
from runner.sweeps.planning import Plan, Program
from runner.training.lanes import Device, lay_out

SHOWN = 12
"""How many programs are listed."""


def announce(
    console: Console,
    plan: Plan,
    jobs: Sequence[SweepJob],
    divisions: Sequence[Division],
    devices: Sequence[Device],
    skipped: int,
) -> None:
    """Says how many runs, programs and lanes there are, what varies, and what had to be structure and why."""
    trained = sum(len(program.jobs) for program in plan.programs)
    if trained or plan.failed:
        console.print(f"{_count(trained, 'run')} in {_count(len(plan.programs), 'compiled program')}")
    if skipped:
        console.print(
            f"{_count(skipped, 'run')} of the same config found in the folder, and left as they are"
        )
    if plan.programs:
        console.print(_table(plan, jobs, divisions, devices))
    if len(plan.programs) > SHOWN:
        console.print(f"and {len(plan.programs) - SHOWN} more programs")
    for key in dict.fromkeys(key for program in plan.programs for key in program.structural):
        if len({program.lane.structure.get(key) for program in plan.programs}) > 1:
            console.print(f"{key}: a program for each value, since it decides a shape or a branch")
    for note in dict.fromkeys(note for program in plan.programs for note in program.material.dataset.notes):
        console.print(note, markup=False)
    for place, reason in list(plan.failed.items())[:SHOWN]:
        console.print(f"cannot be built: {' '.join(jobs[place].job.overrides)}: {reason}")


def say_cost(console: Console, seconds: float | None, disk: int, memory: int) -> None:
    """Says, once it is known, what the rest will take."""
    left = "" if seconds is None else f"about {duration(seconds)} left; "
    free = shutil.disk_usage(Path.cwd()).free
    short = f" (only {size(free)} are free)" if free < disk else ""
    console.print(f"{left}{size(disk)} of disk{short}, {size(memory)} of memory")


def size(count: int) -> str:
    """`12 MB`."""
    for unit, scale in (("GB", 1e9), ("MB", 1e6)):
        if count >= scale:
            return f"{count / scale:.1f} {unit}"
    return f"{count / 1e3:.0f} kB"


def _table(
    plan: Plan, jobs: Sequence[SweepJob], divisions: Sequence[Division], devices: Sequence[Device]
) -> Table:
    table = Table("program", "runs", "lanes", "a lane", "inputs that vary")
    for program, division in list(zip(plan.programs, divisions, strict=True))[:SHOWN]:
        layout = lay_out(division.lanes, program.flops, devices)
        lanes = str(layout.lanes) if division.batches == 1 else f"{division.batches} x {layout.lanes}"
        where = f" on {len(layout.devices)} devices" if len(layout.devices) > 1 else ""
        table.add_row(
            _name(program, plan, jobs),
            str(len(program.jobs)),
            lanes + where,
            size(program.bytes),
            ", ".join(varied(program)) or "nothing",
        )
    return table


def varied(program: Program) -> list[str]:
    """The numbers that differ between the runs of a program."""
    return [key for key in program.inputs[0] if len({inputs[key] for inputs in program.inputs}) > 1]


def _name(program: Program, plan: Plan, jobs: Sequence[SweepJob]) -> str:
    """What sets a program apart from the others."""
    own = _leaves(jobs[program.jobs[0]])
    inputs = {key for each in plan.programs for key in each.inputs[0]}
    others = [_leaves(jobs[each.jobs[0]]) for each in plan.programs]
    differing = [
        key for key in own if key not in inputs and any(other.get(key) != own[key] for other in others)
    ]
    groups = [key for key in differing if key in jobs[program.jobs[0]].job.choices]
    telling = groups + [key for key in differing if key.partition(".")[0] not in groups]
    return " ".join(f"{key}={own[key]}" for key in telling) or "all"


def _leaves(job: SweepJob) -> dict[str, str]:
    return {**job.job.choices, **dict(_walk(job.config, ""))}


def _walk(node: Any, prefix: str) -> Iterable[tuple[str, str]]:
    if isinstance(node, dict):
        for key, value in node.items():
            yield from _walk(value, f"{prefix}.{key}" if prefix else str(key))
    elif not prefix.startswith("sweep"):
        yield prefix, str(node)


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
