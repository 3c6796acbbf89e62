"""Runs in their folders while a program trains them as its lanes: what is recorded, kept and summed up."""

import contextlib
import time
from collections.abc import Callable, Iterator, Sequence

import jax
import numpy as np

from runner import checkpoints
from runner.diagnostics.averages import averages
from runner.diagnostics.telling import coloured
from runner.entries import EachRun, Progress
from runner.finals import draw_best, test_best
from runner.generation.finishing import Finishing
from runner.interruption import Interruption
from runner.judgement import Judgement
from runner.logbook import Logbook, best_found
from runner.measurements import measured
from runner.portraits import Portraits
from runner.preparation import Prepared
from runner.questions import generates
from runner.records.background import Background
from runner.records.entry import Entry
from runner.snapshots import Snapshot
from runner.training.loop import Chunk, train
from runner.training.state import State
from runner.training.step import LARGEST_NORM

Lanes = jax.Array | np.ndarray
Store = Callable[[int, State], None]
"""Keeps a state, given the step it is at."""


class Session:
    """The observer of the loop. Each lane is a run with a logbook; one without is trained and not recorded.

    `first` is the step they go on from, `began` when the time that they share began (by `time.monotonic`).
    `packs` says whether the lanes that still train, after a step, should go on as a smaller program. Where it
    is `portrayed`, the network of the first lane is drawn on its way too.
    """

    def __init__(
        self,
        prepared: Prepared,
        logbooks: Sequence[Logbook | None],
        first: int,
        began: float,
        store: Store,
        progress: Progress,
        interruption: Interruption,
        packs: Callable[[list[int], int], bool] = lambda lanes, step: False,
        portrayed: bool = False,
    ) -> None:
        self.prepared = prepared
        self.logbooks = logbooks
        self.step = first
        self.marked = began
        self.store = store
        self.checkpointed = time.monotonic()
        self.interruption = interruption
        self.packs = packs
        self.portraits = Portraits(prepared, portrayed)
        self.judgement = Judgement(prepared)
        self.leaves_at: int | None = None
        self.progress = progress
        self.concluded: list[Logbook] = []
        self.records = Background([EachRun(logbooks), progress])

    @property
    def running(self) -> list[tuple[int, Logbook]]:
        """The lanes that still train."""
        return [(lane, book) for lane, book in self._recorded() if book.status == "running"]

    def train(self, state: State, last: int) -> State:
        """Trains to a step, unless every run ends or all are interrupted before; the state then."""
        prepared, plan = self.prepared, self.prepared.material.plan
        # A run that was killed between its last step and its summary has nothing left to train.
        self._judge(np.asarray(state.diverged), np.asarray(state.stopped), None)
        if self.running and self.step < last:
            state = train(
                prepared.programs,
                prepared.numbers,
                state,
                prepared.supply,
                plan,
                self.step,
                last,
                prepared.val,
                self,
            )
        if self.step == plan.total:
            for _, book in self.running:
                book.end("completed")
        self.records.flush()
        return state

    def begin(self, signals: jax.Array | None) -> None:
        """Records what diagnostics see before the first step."""
        looks, sums = self.prepared.programs.looks, jax.device_get(signals)
        tags = () if looks is None else looks.tags
        entries: list[Entry | None] = [None] * len(self.logbooks)
        for lane, book in self.running:
            entries[lane] = book.begin(averages(tags, sums[lane]))
        self.records.write(entries)

    def observe(self, chunk: Chunk) -> bool:
        """Records a chunk; whether every run has ended."""
        self.step = chunk.step
        running = self.running
        for _, book in running:
            book.took("train", chunk.train_seconds / len(running))
            book.took("evaluate", chunk.evaluate_seconds / len(running))
        self._spend()
        self.progress.move(chunk.step)
        if chunk.verdict is None:
            self._judge(chunk.record.diverged, None, chunk.step)
        else:
            self._judge(chunk.verdict.diverged, chunk.verdict.stopped, chunk.step)
        for lane, book in running:
            if book.status == "diverged":
                book.last_burst = float(chunk.record.scalars[LARGEST_NORM][lane])
        plan = self.prepared.material.plan
        if plan.records(chunk.step):
            recorded = [pair for pair in running if pair[1].status != "diverged"]
            self._record(chunk, recorded)
        if chunk.verdict is not None and plan.reviews(chunk.step):
            self._review(chunk.step)
        if chunk.verdict is not None and self.leaves_at is None:
            self._consider_leaving(chunk.step)
        return not self.running

    def wants_state(self, step: int) -> bool:
        """Whether to save or draw now: asked to end, or enough time has passed, or a picture is due."""
        return self._saves(step) or self.portraits.is_due(step)

    def keep(self, step: int, state: State) -> bool:
        """Draws and saves the state, each where it is due, unless it is the last; whether to end here."""
        if step == self.prepared.material.plan.total:
            return True
        self.records.flush()
        if self.portraits.is_due(step) and self.logbooks[0] is not None:
            self.portraits.draw(self.logbooks[0].tensorboard, state, 0, step)
            self.logbooks[0].flush()  # a checkpoint knows how long the records are
        if not self._saves(step):
            return False
        self.store(step, state)
        self.checkpointed = time.monotonic()
        return self.interruption.asked or step == self.leaves_at

    def _saves(self, step: int) -> bool:
        elapsed = time.monotonic() - self.checkpointed
        due = elapsed >= self.prepared.material.config.checkpoint.seconds
        return due or self.interruption.asked or step == self.leaves_at

    def conclude(self, state: State) -> list[Logbook]:
        """Sums up the runs that have ended: a checkpoint of their own, test metrics, summary; those runs."""
        ended = [(lane, book) for lane, book in self._recorded() if book.ended and book not in self.concluded]
        if not ended:
            return []
        snapshot = self.snapshot(self.step, state)
        checkpoints.save_all(
            (book.folder, snapshot.of_lane(lane)._replace(step=book.reached(self.step)))
            for lane, book in ended
        )
        tested = test_best(self.prepared, state, ended, self.step)
        if tested is not None:
            draw_best(self.prepared, state, ended, tested, self.portraits, self.step)
        if generates(self.prepared.material.config):
            finishing = Finishing(self.prepared)
            for lane, book in ended:
                finishing.finish(book, state, lane, self.step)
        self._spend([book for _, book in ended])
        for lane, book in ended:
            book.judge(self.judgement.of(lane, book))
            book.conclude(self.step)
            self.concluded.append(book)
        return [book for _, book in ended]

    def snapshot(self, step: int, state: State) -> Snapshot:
        """The state of all lanes on the host; their records must be flushed."""
        return Snapshot(
            step,
            checkpoints.flatten(state, "state"),
            checkpoints.flatten(self.prepared.data.preprocessing, "preprocessing"),
            self.prepared.material.spec._asdict(),
            [None if book is None else book.position() for book in self.logbooks],
        )

    def close(self) -> None:
        """Ends the recording, also after an error."""
        self.records.close()

    def fail(self, status: str, error: str | None) -> None:
        """Gives a status to the runs that are not summed up yet."""
        self.progress.close()
        for _, book in self._recorded():
            if book not in self.concluded:
                book.end(status, error)
                # The disk that failed the run may fail its summary too; the checkpoint is what counts.
                with contextlib.suppress(OSError):
                    book.save(self.step)

    def _recorded(self) -> Iterator[tuple[int, Logbook]]:
        return ((lane, book) for lane, book in enumerate(self.logbooks) if book is not None)

    def _consider_leaving(self, step: int) -> None:
        # At an evaluation, and one evaluation later: never at a step that the time a chunk takes decides.
        plan = self.prepared.material.plan
        if self.packs([lane for lane, _ in self.running], step):
            self.leaves_at = min(plan.total, (step // plan.eval_every + 1) * plan.eval_every)

    def _spend(self, books: Sequence[Logbook] | None = None) -> None:
        """Shares the time since the last call among the runs that train, or those given."""
        now = time.monotonic()
        sharing = [book for _, book in self.running] if books is None else books
        for book in sharing:
            book.took("total", (now - self.marked) / len(sharing))
        self.marked = now

    def _review(self, step: int) -> None:
        self.records.flush()
        for lane, book in self.running:
            news = book.judge(self.judgement.of(lane, book))
            if fresh := [finding for finding in news if finding.severity != "remark"]:
                book.warn(fresh, step)
                self.progress.warn(lane, list(map(coloured, fresh)))

    def _judge(self, diverged: Lanes, stopped: Lanes | None, step: int | None) -> None:
        """Ends runs; `step` is that of the evaluation, None where it is the last of each run's records."""
        for lane, book in self.running:
            if stopped is not None and stopped[lane]:
                book.end("stopped_early", step=book.evaluated_at if step is None else step)
            if diverged[lane] >= 0:
                at = int(diverged[lane])
                book.end("diverged", f"the loss was not finite at step {at}", at)

    def _record(self, chunk: Chunk, recorded: Sequence[tuple[int, Logbook]]) -> None:
        looks, plan = self.prepared.programs.looks, self.prepared.material.plan
        steps = chunk.step - plan.last_record(chunk.step)
        of_lane = measured(chunk, steps, () if looks is None else looks.tags)
        entries: list[Entry | None] = [None] * len(self.logbooks)
        for lane, book in recorded:
            entries[lane] = book.learn(chunk.step, of_lane(lane), chunk.verdict is not None)
            if chunk.verdict is not None:
                book.summary["best"] |= best_found(
                    chunk.verdict.best_value[lane], chunk.verdict.best_step[lane]
                )
        self.records.write(entries)
