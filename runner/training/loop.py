"""The loop: hands the device one chunk of steps while the host looks at the chunk before."""

import time
from typing import NamedTuple, Protocol

import jax
import numpy as np

from runner.training import lanes
from runner.training.batches import Indices
from runner.training.compilation import Programs
from runner.training.parts import Numbers
from runner.training.plan import Plan
from runner.training.program import Record, Verdict
from runner.training.state import State
from runner.training.supply import Course, Supply

CHUNK_SECONDS = 0.5
"""How long a chunk should take: an interrupt waits for it, and a progress bar moves as often."""
FIRST_CHUNK = 8


class Chunk(NamedTuple):
    """What happened up to `step`, on the host; arrays have lanes first."""

    step: int
    record: Record
    signals: jax.Array | np.ndarray | None
    """Sums since the last evaluation [lanes, 2, tags]; None between evaluations, or where none were taken."""
    verdict: Verdict | None
    train_seconds: float
    evaluate_seconds: float


class Observer(Protocol):
    """What the loop reports to."""

    def begin(self, signals: jax.Array | None) -> None:
        """Records what diagnostics see before the first step: sums [lanes, 2, tags]."""
        ...

    def observe(self, chunk: Chunk) -> bool:
        """Records a chunk; whether every lane has ended."""
        ...

    def wants_state(self, step: int) -> bool:
        """Whether `keep` should be called before the next chunk starts."""
        ...

    def keep(self, step: int, state: State) -> bool:
        """Saves the state; whether the loop should end here."""
        ...


def train(
    programs: Programs,
    numbers: Numbers,
    state: State,
    supply: Supply,
    plan: Plan,
    first: int,
    last: int,
    val: Indices,
    observer: Observer,
) -> State:
    """Trains from step `first` to step `last`, unless every lane or the observer ends it before."""
    with supply.course(numbers, plan, first, last, val) as course:
        return _train(programs, numbers, state, course, plan, first, last, val, observer)


def _train(
    programs: Programs,
    numbers: Numbers,
    state: State,
    course: Course,
    plan: Plan,
    first: int,
    last: int,
    val: Indices,
    observer: Observer,
) -> State:
    seconds = CHUNK_SECONDS if programs.layout.lanes == 1 else lanes.CHUNK_SECONDS
    step, pace, waiting = first, _Pace(seconds), None
    while step < last:
        wanted = min(min(plan.next_record(step), plan.next_look(step), last) - step, pace.steps)
        count, data = course.steps(step, wanted)
        if programs.looks is not None and plan.looks(step):
            alone = plan.evaluates(step) or not plan.looked(step)
            state = programs.looks.take(numbers, state, step, alone, data)
        fresh = step == plan.last_record(step + 1)
        state, record = programs.advance(
            numbers, state, np.int32(step), np.int32(count), np.bool_(fresh), data
        )
        if programs.looks is not None and step == 0:
            observer.begin(state.signals)  # while the device takes the first steps
        step += count
        verdict = None
        if plan.evaluates(step):
            assessment = programs.assess(
                numbers, state, np.int32(step), np.bool_(False), *val, course.evaluation()
            )
            state = state._replace(
                best=assessment.best,
                stopped=assessment.stopped,
                diverged=assessment.diverged,
                plateau=assessment.plateau,
            )
            verdict = assessment.verdict
        signals = state.signals if plan.evaluates(step) and plan.looked(step) else None
        # The chunk before is looked at only now, so that the device never waits for the host.
        ended = waiting is not None and observer.observe(pace.finish(*waiting))
        waiting = (step, count, record, signals, verdict)
        # The state must be read before the next chunk takes its memory, and after all its records.
        if ended or step == last or observer.wants_state(step):
            ended = ended or observer.observe(pace.finish(*waiting))
            waiting = None
            if ended or observer.keep(step, state):
                break
    return state


class _Pace:
    """Chooses the number of steps a chunk holds from how long the last ones took."""

    def __init__(self, seconds: float) -> None:
        self.steps = FIRST_CHUNK
        self._seconds = seconds
        self._since = time.perf_counter()

    def finish(
        self, step: int, count: int, record: Record, signals: jax.Array | None, verdict: Verdict | None
    ) -> Chunk:
        """Waits for a chunk and measures it."""
        record, signals = jax.device_get((record, signals))
        trained = time.perf_counter()
        if verdict is not None:
            verdict = jax.device_get(verdict)
        evaluated = time.perf_counter()
        took = trained - self._since
        self.steps = max(1, min(4 * self.steps, round(count / max(took, 1e-6) * self._seconds)))
        self._since = evaluated
        return Chunk(step, record, signals, verdict, took, evaluated - trained)
