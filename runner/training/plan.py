"""When a run evaluates, logs and ends, in steps."""

from typing import NamedTuple


class Plan(NamedTuple):
    """The cadences of a run; every number is in steps."""

    total: int
    per_epoch: int
    eval_every: int
    log_every: int

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

    def epoch(self, step: int) -> float:
        """Epochs done after `step` steps."""
        return step / self.per_epoch
