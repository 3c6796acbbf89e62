"""A sweep, from the jobs that are asked for to runs in a folder."""

import contextlib
import functools
import resource
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import jax
from rich.console import Console

from runner.backend import configure, use_every_core
from runner.composition import Outcome, SweepJob
from runner.composition.jobs import check_shared
from runner.configuration import identity
from runner.experiment import build_dataset, objective_of, specify, task_of
from runner.folder import held, write_summary
from runner.interruption import Interruption, interruptible
from runner.memory import free_bytes
from runner.provenance import provenance
from runner.records.console import new_console
from runner.sweeps import rungs
from runner.sweeps.announcement import announce, say_cost
from runner.sweeps.batches import STORES, Batch, Member, into_batches
from runner.sweeps.compiler import Compiler
from runner.sweeps.display import SweepDisplay
from runner.sweeps.members import make_members
from runner.sweeps.numbering import by_identity, run_folders, summaries, value_of
from runner.sweeps.planning import Plan, Program, config_of, plan
from runner.sweeps.pruning import NAME, Decision, carry_out, decide, keep_decision, read_decision
from runner.sweeps.request import drop_requests, keep_request
from runner.sweeps.training import Trainer
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


def plan_sweep(jobs: Sequence[SweepJob], least: int = 1) -> None:
    """Says what a sweep of these jobs would do, in programs of at least `least` lanes."""
    options = prepare(jobs)._replace(least=least)
    _announce(new_console(), plan(jobs), jobs, options, 0)


def maximises(job: SweepJob) -> bool:
    """Whether a higher value of the job's objective is better; raises ConfigError where it has no data."""
    prepare([job])
    config = config_of(job)
    return objective_of(config.objective, task_of(specify(build_dataset(config))))[1]


def train_sweep(jobs: Sequence[SweepJob], folder: Path, least: int = 1) -> list[Outcome]:
    """Trains the jobs whose runs the folder does not hold yet; the outcome of every job.

    Programs have at least `least` lanes: those of a later call with no more jobs of a structure are the same.
    Raises ConfigError, with nothing written, where the jobs do not go together; RunError where the disk is at
    fault.
    """
    options = prepare(jobs)._replace(least=least)
    known = by_identity(folder)
    identities = [identity(job.resolved) for job in jobs]
    fresh = {own: job for own, job in zip(identities, jobs, strict=True) if own not in known}
    asked = list(fresh.values())
    planned = plan(asked)
    console = new_console()
    _announce(console, planned, asked, options, len(jobs) - len(asked))
    folder.mkdir(parents=True, exist_ok=True)
    with held(folder), interruptible() as interruption:
        if asked:
            source = provenance(asked[0].job.command)
            keep_request(folder, asked)
            members = make_members(folder, asked, source)
            drop_requests(folder)
            run(folder, planned, members, [], members, options, interruption, console, source)
    return _outcomes(folder, identities)


def run(
    folder: Path,
    planned: Plan,
    members: Sequence[Member],
    begun: Sequence[Batch],
    everyone: Sequence[Member],
    options: Options,
    interruption: Interruption,
    console: Console,
    source: dict[str, Any],
) -> None:
    """Trains planned runs to their end.

    `begun` are batches of theirs that had got under way before; `everyone`, ended or not, is what runs are
    compared with where some are pruned.
    """
    for program in planned.programs:
        for place, inputs in zip(program.jobs, program.inputs, strict=True):
            members[place].inputs = inputs
    taken = {member.number for batch in begun for member in batch.members}
    batches = [*begun, *_batches(folder, planned, members, taken, options)]
    running = [member for member in members if member.is_running]
    display = SweepDisplay(console, _steps(batches), len(running), *_objective(planned))
    compiler = Compiler(jax.devices())
    trainer = Trainer(folder, compiler, display, interruption, source, options.fail_fast)
    display.once = functools.partial(_say_cost, console, display, batches)
    try:
        for place, reason in planned.failed.items():
            trainer.fail([members[place]], reason)
        _train(trainer, folder, batches, everyone, options)
    finally:
        display.close()
        compiler.close()
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


def prepare(jobs: Sequence[SweepJob]) -> Options:
    """What the jobs share beyond their programs, once JAX is configured for it."""
    check_shared(jobs)
    section = jobs[0].resolved["sweep"]
    use_every_core()
    config = config_of(jobs[0])
    config.precision = "float32"  # each program has a width of its own
    configure(config)
    return Options(**{key: section[key] for key in Options._fields if key in section})


def _announce(
    console: Console, planned: Plan, jobs: Sequence[SweepJob], options: Options, skipped: int
) -> None:
    compiler, layouts = Compiler(jax.devices()), {}
    for place, program in enumerate(planned.programs):
        most = _most(program, options)
        count = -(-len(program.jobs) // most)
        members: list = [None] * -(-len(program.jobs) // count)
        example = Batch(program, members, Path(), least=min(options.least, most))
        layouts[place] = count, compiler.layout(example)
    announce(console, planned, jobs, layouts, skipped)


def _batches(
    folder: Path, planned: Plan, members: Sequence[Member], taken: set[int], options: Options
) -> list[Batch]:
    found = []
    for program in planned.programs:
        own = [members[place] for place in program.jobs]
        left = [member for member in own if member.number not in taken and member.is_running]
        if left:
            most = _most(program, options)
            found += into_batches(folder, program, left, most, min(options.least, most), len(jax.devices()))
    return found


def _most(program: Program, options: Options) -> int:
    """How many runs of a program may train at once."""
    if options.isolated:
        return 1
    fitting = len(jax.devices()) * free_bytes(jax.devices()[0]) // (STATES * max(program.bytes, 1))
    return max(1, min(options.lanes or most_lanes(program.flops, jax.devices()), fitting))


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
