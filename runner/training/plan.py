"""When a run evaluates, logs and ends, in steps."""

from typing import NamedTuple

PICTURES = 8
"""Of a network on its way, in a run; a few more where the evaluations do not divide by it."""


FIRST_REVIEW = 8
"""Evaluations before a run is judged."""


class Plan(NamedTuple):
    """The cadences of a run; every number is in steps."""

    total: int
    per_epoch: int
    eval_every: int
    log_every: int
    look_every: int | None = None
    """How often signals are taken for diagnostics; None where they are not."""
    count_every: int | None = None
    """How often numbers are counted for histograms, at the next evaluation; None where they are not."""

    def evaluates(self, step: int) -> bool:
        """Whether an evaluation follows step number `step`, counted from 1."""
        return step % self.eval_every == 0 or step == self.total

    def records(self, step: int) -> bool:
        """Whether training scalars are recorded after that step."""
        return self.evaluates(step) or step % self.log_every == 0

    def next_evaluation(self, step: int) -> int:
        """The first step after `step` that an evaluation follows."""
        return min(self.total, (step // self.eval_every + 1) * self.eval_every)

    def next_record(self, step: int) -> int:
        """The first step after `step` that is recorded."""
        return min(self.next_evaluation(step), (step // self.log_every + 1) * self.log_every)

    def last_record(self, step: int) -> int:
        """The last step before `step` that was recorded: where its averages begin."""
        return max((step - 1) // every * every for every in (self.eval_every, self.log_every))

    def draws(self, step: int) -> bool:
        """Whether the network is drawn after that step: after so many evaluations, and not at the end."""
        every = max(1, self.total // self.eval_every // PICTURES) * self.eval_every
        return step % every == 0 and step < self.total

    def counts(self, step: int) -> bool:
        """Whether numbers are counted after that step: first at the first evaluation, and not at the end."""
        if self.count_every is None or not self.evaluates(step) or step >= self.total:
            return False
        before = step - self.eval_every
        return before == 0 or step // self.count_every > before // self.count_every

    def reviews(self, step: int) -> bool:
        """Whether a run is judged on its way, after that step: its 8th evaluation, its 16th, its 32nd, ..."""
        number = step // self.eval_every
        return step % self.eval_every == 0 and number >= FIRST_REVIEW and number.bit_count() == 1

    def looks(self, step: int) -> bool:
        """Whether signals are taken of the step that follows `step`."""
        return self.look_every is not None and step % self.look_every == 0

    def next_look(self, step: int) -> int:
        """The first step after `step` that a look comes before; the last where there is none."""
        every = self.look_every
        return self.total if every is None else (step // every + 1) * every

    def looked(self, step: int) -> bool:
        """Whether signals were taken since the last evaluation before `step`, where averages begin.

        Those before the first step are a record of their own.
        """
        if self.look_every is None:
            return False
        since = (step - 1) // self.eval_every * self.eval_every
        return (step - 1) // self.look_every * self.look_every >= max(since, 1)

    def unobserved(self, total: int, eval_every: int, log_every: int) -> "Plan":
        """Of a course of training that is looked at for its losses alone."""
        return Plan(total, self.per_epoch, eval_every, log_every)

    def epoch(self, step: int) -> float:
        """Epochs done after `step` steps."""
        return step / self.per_epoch
