"""Where a config's learning rate stands among those that a range test found good."""

from typing import NamedTuple

from runner.range_test.choice import Choice
from runner.range_test.ramp import Ramp
from runner.range_test.reading import Reading
from runner.range_test.wording import factor, shown

LATE = 3.0
"""A ramp blows up late, since that takes steps: at a rate so many times the largest at which it does not."""
SLACK = 2.0
"""How far below the good rates a rate may be and still do: all it lacks is speed."""
RAMP, TRAININGS = "ramp", "short trainings"


class Standing(NamedTuple):
    """The rates are None where the test found no rate that learns."""

    configured: float
    suggestion: float | None
    first: float | None
    last: float | None
    """The least and the largest rate that are good for the whole run."""
    measured_by: str
    """`ramp` or `short trainings`."""

    @property
    def verdict(self) -> str:
        """`too low`, `ok`, `too high`; or `unknown`."""
        if self.first is None or self.last is None:
            return "unknown"
        if self.configured < self.first / SLACK:
            return "too low"
        return "too high" if self.configured > self.last else "ok"

    @property
    def sentence(self) -> str:
        """The verdict with its numbers."""
        asked = f"optimizer.learning_rate={shown(self.configured)}"
        if self.first is None or self.last is None or self.suggestion is None:
            return f"{asked}: the {self.measured_by} found no rate that learns"
        good = f"{shown(self.first)} to {shown(self.last)}"
        found = f"good for the whole run, by the {self.measured_by}: {good}"
        if self.verdict == "ok":
            how = "a little low" if self.configured < self.first else "all right"
            return f"{asked} is {how} ({found})"
        side = "below" if self.configured < self.suggestion else "above"
        apart = factor(self.configured, self.suggestion)
        return f"{asked} is {self.verdict}, a factor of {apart} {side} {shown(self.suggestion)} ({found})"


def by_ramp(configured: float, ramp: Ramp, reading: Reading) -> Standing:
    """Where a rate stands by a ramp alone, which says for sure only what is far from good.

    A net whose units have all died does not blow up: what it had learned is lost, and the ramp goes on.
    """
    if reading.suggestion is None or reading.starts is None or reading.ends is None:
        return Standing(configured, None, None, None, RAMP)
    last = float(ramp.rates[-1]) / (LATE if ramp.blew_up else 1)
    return Standing(configured, reading.suggestion, reading.starts, min(last, reading.ends), RAMP)


def by_trainings(configured: float, choice: Choice | None, share: float) -> Standing:
    """Where a rate stands by trainings that took `share` of the steps of the whole run.

    The run goes as far at a rate lower by as much, so that the least good rate is so much lower for it.
    """
    if choice is None:
        return Standing(configured, None, None, None, TRAININGS)
    first = float(f"{choice.first * share:.2g}")
    return Standing(configured, choice.rate, first, choice.last, TRAININGS)
