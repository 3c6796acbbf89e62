"""A sweep, from the jobs that are asked for to runs in a folder."""

import contextlib
import functools
import resource
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import jax
from rich.console import Console

from runner.composition import Outcome, SweepJob
from runner.configuration import identity
from runner.experiment import build_dataset
from runner.folder import held, write_summary
from runner.interruption import Interruption, interruptible
from runner.provenance import provenance
from runner.questions import objective_of, task_of
from runner.records.console import new_console
from runner.specs import specify
from runner.sweeps import rungs
from runner.sweeps.announcement import announce, say_cost
from runner.sweeps.batches import STORES, Batch, Member, into_batches
from runner.sweeps.compiler import Compiler
from runner.sweeps.display import SweepDisplay
from runner.sweeps.members import make_members
from runner.sweeps.numbering import by_identity, run_folders, summaries, value_of
from runner.sweeps.options import Division, Options, divide, prepare
from runner.sweeps.planning import Plan, config_of, plan
from runner.sweeps.pruning import NAME, Decision, carry_out, decide, keep_decision, read_decision
from runner.sweeps.request import drop_requests, keep_request
from runner.sweeps.training import Trainer


class Sitting(NamedTuple):
    """One process at work on a sweep."""

    folder: Path
    options: Options
    console: Console
    compiler: Compiler
    interruption: Interruption
    source: dict[str, Any]
    """The provenance of its runs."""


def plan_sweep(jobs: Sequence[SweepJob], least: int = 1) -> None:
    """Says what a sweep of these jobs would do, in programs of at least `least` lanes."""
    options = prepare(jobs, least)
    planned = plan(jobs)
    announce(new_console(), planned, jobs, _divisions(planned, options), jax.devices(), 0)


def maximises(job: SweepJob) -> bool:
    """Whether a higher value of the job's objective is better; raises ConfigError where it has no data."""
    prepare([job])
    config = config_of(job)
    return objective_of(config, task_of(config, specify(build_dataset(config))))[1]


def train_sweep(jobs: Sequence[SweepJob], folder: Path, least: int = 1) -> list[Outcome]:
    """Trains the jobs whose runs the folder does not hold yet; the outcome of every job.

    Programs have at least `least` lanes: those of a later call with no more jobs of a structure are the same.
    Raises ConfigError, with nothing written, where the jobs do not go together; RunError where the disk is at
    fault.
    """
    options = prepare(jobs, least)
    known = by_identity(folder)
    identities = [identity(job.resolved) for job in jobs]
    fresh = {own: job for own, job in zip(identities, jobs, strict=True) if own not in known}
    asked = list(fresh.values())
    planned, console = plan(asked), new_console()
    divisions = _divisions(planned, options)
    announce(console, planned, asked, divisions, jax.devices(), len(jobs) - len(asked))
    folder.mkdir(parents=True, exist_ok=True)
    with held(folder), interruptible() as interruption, Compiler(jax.devices()) as compiler:
        if asked:
            if planned.programs:  # compiled while the folders are made
                compiler.order(planned.programs[0], divisions[0].lanes)
            source = provenance(asked[0].job.command)
            keep_request(folder, asked)
            members = make_members(folder, asked, source)
            drop_requests(folder)
            sitting = Sitting(folder, options, console, compiler, interruption, source)
            run(sitting, planned, members, [], members)
    return _outcomes(folder, identities)


def run(
    sitting: Sitting,
    planned: Plan,
    members: Sequence[Member],
    begun: Sequence[Batch],
    everyone: Sequence[Member],
) -> None:
    """Trains planned runs to their end.

    `begun` are batches of theirs that had got under way before; `everyone`, ended or not, is what runs are
    compared with where some are pruned.
    """
    folder, options = sitting.folder, sitting.options
    for program in planned.programs:
        for place, inputs in zip(program.jobs, program.inputs, strict=True):
            members[place].inputs = inputs
    taken = {member.number for batch in begun for member in batch.members}
    batches = [*begun, *_batches(sitting, planned, members, taken)]
    running = [member for member in members if member.is_running]
    display = SweepDisplay(sitting.console, _steps(batches), len(running), *_objective(planned))
    trainer = Trainer(
        folder, sitting.compiler, display, sitting.interruption, sitting.source, options.fail_fast
    )
    display.once = functools.partial(_say_cost, sitting.console, display, batches)
    try:
        for place, reason in planned.failed.items():
            trainer.fail([members[place]], reason)
        _train(trainer, folder, batches, everyone, options)
    finally:
        display.close()
        with contextlib.suppress(OSError):  # what is under way still, or nothing ever was
            (folder / STORES).rmdir()
        for member in members:
            if member.is_running:
                member.summary["status"] = "interrupted"
                write_summary(member.folder, member.summary)


def _train(
    trainer: Trainer, folder: Path, batches: list[Batch], everyone: Sequence[Member], options: Options
) -> None:
    if options.pruning is not None:
        pruning = rungs.METHODS[options.pruning](options.rungs, options.factor)
        brackets = rungs.deal(list(dict.fromkeys(member.setting for member in everyone)), pruning)
        decision = read_decision(folder)
        carry_out(decision, batches, trainer.display)
        for rung, share in list(enumerate(rungs.shares(pruning)))[decision.rungs :]:
            batches = trainer.train(batches, share)
            if trainer.ends or not batches:
                return
            compared = {own for own, bracket in brackets.items() if rungs.is_compared(bracket, rung, pruning)}
            maximise = batches[0].program.material.maximise
            decision = Decision(rung + 1, decide(everyone, compared, options.factor, maximise))
            keep_decision(folder, decision)
            carry_out(decision, batches, trainer.display)
    trainer.train(batches, 1.0)
    (folder / STORES / NAME).unlink(missing_ok=True)


def _batches(sitting: Sitting, planned: Plan, members: Sequence[Member], taken: set[int]) -> list[Batch]:
    found = []
    for program in planned.programs:
        own = [members[place] for place in program.jobs]
        left = [member for member in own if member.number not in taken and member.is_running]
        if left:
            division = divide(program, len(left), sitting.options)
            found += into_batches(sitting.folder, program, left, division, len(jax.devices()))
    return found


def _divisions(planned: Plan, options: Options) -> list[Division]:
    return [divide(program, len(program.jobs), options) for program in planned.programs]


def _steps(batches: Sequence[Batch]) -> int:
    return sum(
        (batch.program.material.plan.total - batch.step) * sum(member.is_running for member in batch.members)
        for batch in batches
    )


def _objective(planned: Plan) -> tuple[str, bool]:
    if not planned.programs:
        return "", True
    material = planned.programs[0].material
    return f"val/{material.objective}", material.maximise


def _say_cost(console: Console, display: SweepDisplay, batches: Sequence[Batch]) -> None:
    disk = sum(len(batch.members) * batch.program.bytes for batch in batches)
    memory = 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    say_cost(console, display.seconds_left(), disk, memory)


def _outcomes(folder: Path, identities: Sequence[str]) -> list[Outcome]:
    numbers, found = by_identity(folder), summaries(folder)
    places = run_folders(folder)
    return [_outcome(places[numbers[own]], found[numbers[own]]) for own in identities]


def _outcome(place: Path, summary: Mapping[str, Any]) -> Outcome:
    error = summary["error"] if summary["status"] == "failed" else None
    return Outcome(place, value_of(summary), error, summary["status"] not in ("running", "interrupted"))
