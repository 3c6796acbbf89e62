"""A length of training given in steps (100), epochs (3epochs) or a share of the run (5%)."""

import math
import re
from dataclasses import dataclass
from enum import Enum

from runner.errors import ConfigError

_PATTERN = re.compile(r"\s*(?P<amount>\d+(?:\.\d*)?|\.\d+)\s*(?P<unit>%|epochs?|steps?|)\s*")


class Unit(Enum):
    """What a duration counts."""

    STEPS = "steps"
    EPOCHS = "epochs"
    PERCENT = "%"


_UNITS = {
    "": Unit.STEPS,
    "step": Unit.STEPS,
    "steps": Unit.STEPS,
    "epoch": Unit.EPOCHS,
    "epochs": Unit.EPOCHS,
    "%": Unit.PERCENT,
}


@dataclass(frozen=True)
class Duration:
    """So many steps, epochs or per cent of a run."""

    amount: float
    unit: Unit

    def steps(self, steps_per_epoch: int, total_steps: int) -> int:
        """The whole number of steps it lasts in a run, at least 1."""
        length = {Unit.STEPS: 1.0, Unit.EPOCHS: steps_per_epoch, Unit.PERCENT: total_steps / 100}
        return max(1, round(self.amount * length[self.unit]))


def parse(text: str | int) -> Duration:
    """Reads `100`, `3epochs`, `0.5epochs` or `5%`.

    Raises:
        ConfigError: it is none of these, is not positive, is a fraction of a step or is over 100%.
    """
    match = _PATTERN.fullmatch(str(text))
    if match is None or isinstance(text, bool):
        raise ConfigError(f"{text!r} is not a duration; write steps (100), epochs (3epochs) or a share (5%)")
    duration = Duration(float(match["amount"]), _UNITS[match["unit"]])
    _check(duration, text)
    return duration


def _check(duration: Duration, text: str | int) -> None:
    if not (duration.amount > 0 and math.isfinite(duration.amount)):
        raise ConfigError(f"{text!r} is not a duration: it must be positive")
    if duration.unit is Unit.STEPS and not duration.amount.is_integer():
        raise ConfigError(f"{text!r} is not a duration: steps are whole")
    if duration.unit is Unit.PERCENT and duration.amount > 100:
        raise ConfigError(f"{text!r} is not a duration: at most 100%")
