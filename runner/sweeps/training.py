"""Trains the batches of a sweep, one after another."""

import time
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from runner.backend import width
from runner.data.dataset import DataError
from runner.endings import ending_badly
from runner.errors import ConfigError
from runner.folder import write_summary
from runner.interruption import Interruption
from runner.logbook import Logbook, best_found, best_of, reopen
from runner.memory import OutOfMemoryError
from runner.preparation import Prepared
from runner.report import draw_training_images, introduce
from runner.session import Session
from runner.snapshots import Snapshot
from runner.states import initial_state, padded, restored_state
from runner.summary import new_summary
from runner.sweeps.batches import Batch, Member, is_worth_packing
from runner.sweeps.compiler import Compiler, TooLargeError
from runner.sweeps.display import BatchProgress, SweepDisplay
from runner.training.plan import Plan
from runner.training.state import State


class Trainer:
    """Trains batches in a sweep's folder; `source` is the provenance of every run."""

    def __init__(
        self,
        folder: Path,
        compiler: Compiler,
        display: SweepDisplay,
        interruption: Interruption,
        source: dict[str, Any],
        fail_fast: bool,
    ) -> None:
        self.folder = folder
        self.compiler = compiler
        self.display = display
        self.interruption = interruption
        self.source = source
        self.fail_fast = fail_fast
        self.failed = False

    def train(self, batches: Sequence[Batch], share: float) -> list[Batch]:
        """Trains every batch up to a share of its run; the batches as they are then: one may have been split.

        Raises RunError where the disk is at fault.
        """
        queue, done = deque(batches), []
        while queue:
            batch = queue.popleft()
            if self.ends or self._is_through(batch, share):
                done.append(batch)
                continue
            try:
                self._advance(batch, queue, share)
                (done.append if self._is_through(batch, share) else queue.appendleft)(batch)
            except TooLargeError as error:
                self._split(batch, queue, error.lanes)
            except OutOfMemoryError as error:
                self._halve(batch, queue, str(error))
            except (ConfigError, DataError) as error:
                self.fail(batch.members, str(error))
        return done

    @property
    def ends(self) -> bool:
        """Whether nothing more should be trained."""
        return self.interruption.asked or (self.failed and self.fail_fast)

    def fail(self, members: Sequence[Member], reason: str) -> None:
        """Gives up runs that cannot be built or trained."""
        self.failed = True
        for member in members:
            if member.is_running:
                member.summary |= {"status": "failed", "error": reason}
                write_summary(member.folder, member.summary)
                (member.folder / "run.log").open("a").write(f"failed: {reason}\n")
                self.display.end(1)

    def _is_through(self, batch: Batch, share: float) -> bool:
        there = batch.opened and batch.step >= step_at(batch.program.material.plan, share)
        return self.ends or not batch.is_running or there

    def _advance(self, batch: Batch, queue: Sequence[Batch], share: float) -> None:
        """Trains a batch until all its runs have come as far as asked, or a smaller program should go on."""
        prepared = self.compiler.take(batch)
        if queue:
            self.compiler.order(queue[0].program, queue[0].lanes)
        began, plan = time.monotonic() - prepared.compile_seconds, prepared.material.plan
        with width(prepared.material.config):
            state = padded(prepared, self._open(batch, prepared), len(batch.members))
            batch.opened = True
            session = self._session(batch, prepared, began)
            with ending_badly(session, self.folder):
                state = session.train(state, step_at(plan, share))
                batch.step = session.step
                ended = session.conclude(state)
                self._draw_best(prepared, session, ended)
                self._leave(batch, session, state)
                session.close()
        self.display.end(len(ended))
        self.display.skip(sum(plan.total - session.step for _ in ended))

    def _session(self, batch: Batch, prepared: Prepared, began: float) -> Session:
        layout = prepared.programs.layout
        padding = [None] * (layout.lanes - len(batch.members))
        books = [member.book if member.recorded else None for member in batch.members]
        numbers = [member.number for member in batch.members]
        progress = BatchProgress(
            self.display,
            [*numbers, *padding],
            lambda: len(session.running),
            batch.step,
            f"val/{prepared.material.objective}",
        )
        session = Session(
            prepared,
            [*books, *padding],
            batch.step,
            began,
            lambda step, state: batch.keep(self._snapshot(batch, session, step, state)),
            progress,
            self.interruption,
            lambda lanes, step: is_worth_packing(batch, layout, lanes, step),
        )
        return session

    def _snapshot(self, batch: Batch, session: Session, step: int, state: State) -> Snapshot:
        """Of the runs alone, without padding; a run that is not recorded keeps its place."""
        snapshot = session.snapshot(step, state).select(range(len(batch.members)))
        lanes = zip(snapshot.lanes, batch.members, strict=True)
        return snapshot._replace(lanes=[lane or {"run": member.folder.name} for lane, member in lanes])

    def _leave(self, batch: Batch, session: Session, state: State) -> None:
        """Keeps what is to go on, without the lanes that have ended where they cost time."""
        running = [lane for lane, _ in session.running]
        if not running:
            batch.forget()
            return
        batch.keep(self._snapshot(batch, session, session.step, state))
        if session.step == session.leaves_at:
            batch.pack(running)

    def _open(self, batch: Batch, prepared: Prepared) -> State:
        """The state that a batch goes on with; its runs have logbooks then."""
        snapshot = batch.snapshot()
        if snapshot is None:
            state = initial_state(prepared)
            for member in batch.members:
                self._begin(member, prepared, len(batch.members))
            return state
        batch.step = snapshot.step
        lanes = [*range(len(batch.members))]
        filled = snapshot.select([*lanes, *[lanes[-1]] * (prepared.programs.layout.lanes - len(lanes))])
        for lane, member in enumerate(batch.members):
            position = snapshot.lanes[lane]
            if member.is_running and member.book is None and position is not None:
                value, step = (snapshot.state[f"state.best.{name}"][lane] for name in ("value", "step"))
                member.book = reopen(
                    member.folder, member.summary, position, best_found(value, step), prepared.material.plan
                )
                member.summary = member.book.summary
        return restored_state(prepared, filled.state)

    def _begin(self, member: Member, prepared: Prepared, lanes: int) -> None:
        if not member.is_running:
            return
        job = member.job
        summary = new_summary(prepared, member.summary | self.source)
        # Where a run stands in for a killed one, what that recorded is taken back.
        position = {"positions": {}, "seconds": summary["seconds"]}
        summary["seconds"]["compile"] /= lanes
        if lanes > 1:
            summary["seconds"]["shared"] = True
        member.book = reopen(member.folder, summary, position, {}, prepared.material.plan)
        member.summary = member.book.summary
        member.book.save(0)
        name = "/".join(member.folder.absolute().parts[-2:])
        introduce(member.book.tensorboard, job.config, job.resolved, job.job.choices, name)

    def _draw_best(self, prepared: Prepared, session: Session, ended: Sequence[Logbook]) -> None:
        lanes = [
            (lane, book) for lane, book in enumerate(session.logbooks) if book in ended and book is not None
        ]
        if lanes:
            lane, book = best_of(lanes, prepared.material.maximise)
            draw_training_images(book.tensorboard, prepared, lane)
            book.flush()

    def _split(self, batch: Batch, queue: "deque[Batch]", lanes: int) -> None:
        self.compiler.forget(batch)
        if len(batch.members) == 1:
            self.fail(batch.members, "its program needs more memory than there is")
            return
        halves = batch.halves()
        while len(halves[0].members) > lanes:
            halves = [part for half in halves for part in half.halves()]
        queue.extendleft(reversed(halves))

    def _halve(self, batch: Batch, queue: "deque[Batch]", reason: str) -> None:
        self.compiler.forget(batch)
        if len(batch.members) == 1:
            self.fail(batch.members, reason)
            return
        for member in batch.members:
            member.book = None  # opened again where the last snapshot was taken
        queue.extendleft(reversed(batch.halves()))


def step_at(plan: Plan, share: float) -> int:
    """The step at a share of a run, at an evaluation."""
    if share >= 1:
        return plan.total
    evaluations = max(1, -(-round(share * plan.total) // plan.eval_every))
    return min(plan.total, evaluations * plan.eval_every)
