"""Goes on with a sweep that was interrupted or killed, from what its folder holds."""

import shutil
from collections.abc import Sequence
from pathlib import Path

import jax

from runner.composition import Composer, Source, SweepJob
from runner.composition.jobs import JobComposer
from runner.configuration import identity
from runner.errors import ConfigError
from runner.folder import held
from runner.importing import make_importable
from runner.interruption import interruptible
from runner.launch import EXIT_CODES, FINISHED, resume
from runner.logbook import ENDED
from runner.provenance import import_paths, provenance
from runner.records.console import new_console
from runner.snapshots import read_snapshot
from runner.sweeps.batches import STORES, Batch, Member
from runner.sweeps.compiler import Compiler
from runner.sweeps.conclusion import conclude
from runner.sweeps.members import drop_unmade, make_members, read_member
from runner.sweeps.numbering import run_folders, summaries
from runner.sweeps.options import prepare
from runner.sweeps.planning import Plan, plan
from runner.sweeps.request import Request, read_requests
from runner.sweeps.sweep import Sitting, run


def resume_sweep(folder: Path, command: list[str]) -> int:
    """Trains what a sweep has left; the exit code.

    Runs that have ended are left as they are; those that were under way go on together as they were; those
    that failed are tried again. Raises ConfigError where a run cannot be read, or where another process is
    training.
    """
    with held(folder), interruptible() as interruption:
        drop_unmade(folder)
        members = [read_member(path) for path in run_folders(folder).values()]
        if not members:
            raise ConfigError(f"{folder}: killed before it began; start it anew")
        make_importable([Path.cwd(), *import_paths(members[0].summary)])
        options = prepare([member.job for member in members])
        source = provenance(command)  # asks JAX for its devices, which `prepare` chooses
        members += _forgotten(folder, members, source)
        left = {member.number for member in members if member.summary["status"] not in ENDED}
        if not left:
            # A kill may have come between the last summary and the end of its snapshot.
            shutil.rmtree(folder / STORES, ignore_errors=True)
            print(f"{folder}: all {len(members)} runs have ended")
            return conclude(folder)
        stores = _stores(folder, left)
        wanted = left.union(*stores.values())
        everyone, members = members, [member for member in members if member.number in wanted]
        for member in members:
            member.recorded = member.number in left
            if member.recorded:
                member.summary |= {"status": "running", "error": None}
        planned = plan([member.job for member in members])
        begun = [_batch(planned, members, store, numbers) for store, numbers in stores.items()]
        with Compiler(jax.devices()) as compiler:
            sitting = Sitting(folder, options, new_console(), compiler, interruption, source)
            run(sitting, planned, members, begun, everyone)
    return conclude(folder)


def lengthen_sweep(folder: Path, changes: dict[str, int], command: list[str]) -> int:
    """Trains each run of a sweep that has ended well longer, one after another; the exit code.

    Raises ConfigError where some are still to be trained, or asked for no more than they have.
    """
    found = summaries(folder)
    if any(summary["status"] not in ENDED for summary in found.values()):
        raise ConfigError(f"{folder}: some of its runs have not ended; first: runner resume {folder}")
    for number, summary in found.items():
        if summary["status"] in FINISHED:
            code = resume(folder / str(number), changes, command)
            if code == EXIT_CODES["interrupted"]:
                return code
    return conclude(folder)


def _forgotten(folder: Path, members: Sequence[Member], source: dict) -> list[Member]:
    """New runs for the jobs that a kill left without a folder."""
    known = {member.summary["identity"] for member in members}
    jobs = [job for request in read_requests(folder) for job in _composed(request)]
    lost = {identity(job.resolved): job for job in jobs}
    return make_members(folder, [job for own, job in lost.items() if own not in known], source)


def _composed(request: Request) -> list[SweepJob]:
    config_dir = None if request.config_dir is None else Path(request.config_dir)
    composer = Composer(Source(config_dir, request.config_name))
    jobs = JobComposer(composer, [], request.command)
    return [jobs.compose(overrides) for overrides in request.jobs]


def _stores(folder: Path, left: set[int]) -> dict[Path, list[int]]:
    """The snapshots to go on from, with the runs of their lanes.

    Where a kill left a batch and a half of it, the half counts: it was written later.
    """
    found = {path: _numbers(path) for path in sorted((folder / STORES).glob("*.msgpack"))}
    chosen: dict[Path, list[int]] = {}
    claimed: set[int] = set()
    for path, numbers in sorted(found.items(), key=lambda item: len(item[1])):
        unclaimed = left & set(numbers) - claimed
        if unclaimed:
            chosen[path] = numbers
            claimed |= set(numbers)
        else:
            path.unlink()
    return chosen


def _numbers(path: Path) -> list[int]:
    return [int(lane["run"]) for lane in read_snapshot(path).lanes if lane is not None]


def _batch(planned: Plan, members: Sequence[Member], store: Path, numbers: Sequence[int]) -> Batch:
    places = {member.number: place for place, member in enumerate(members)}
    first = places[numbers[0]]
    program = next((program for program in planned.programs if first in program.jobs), None)
    if program is None or any(places[number] not in program.jobs for number in numbers):
        raise ConfigError(f"{store}: its runs {numbers} can no longer be trained as one program")
    lanes = [members[places[number]] for number in numbers]
    snapshot = read_snapshot(store)
    return Batch(program, lanes, store, snapshot.step, snapshot.least)
