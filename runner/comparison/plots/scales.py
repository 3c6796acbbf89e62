"""How the values of an option lie on an axis."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from runner.comparison.model import Value
from runner.comparison.plots.labels import short_texts

DECADE = 10


@dataclass(frozen=True)
class Scale:
    """An axis: `linear` or `log` for numbers, `words` for everything else."""

    kind: str
    values: tuple[Value, ...]

    @property
    def is_numeric(self) -> bool:
        """Whether distances on the axis mean something."""
        return self.kind != "words"

    @property
    def texts(self) -> tuple[str, ...]:
        """The values in words."""
        return short_texts(self.values)

    def text(self, value: Value) -> str:
        """One of the values in words."""
        return self.texts[self.values.index(value)]

    def position(self, value: Value) -> float:
        """Where a value lies, from 0 to 1."""
        places = self._places()
        low, span = min(places), max(places) - min(places)
        return (places[self.values.index(value)] - low) / span if span else 0.5

    def _places(self) -> list[float]:
        if self.kind == "words":
            return [float(place) for place in range(len(self.values))]
        numbers = [float(value or 0) for value in self.values]
        return [math.log10(value) for value in numbers] if self.kind == "log" else numbers


def scale(values: Sequence[Value]) -> Scale:
    """Logarithmic for positive numbers that span a factor of ten, as learning rates do.

    Two values are words even if they are numbers: there is no shape to show between them.
    """
    if len(values) < 3 or not all(map(_is_number, values)):
        return Scale("words", tuple(values))
    numbers = [float(value or 0) for value in values]
    return Scale("log" if is_log(numbers) else "linear", tuple(values))


def is_log(numbers: Sequence[float] | np.ndarray) -> bool:
    """Whether a logarithmic axis shows these numbers better."""
    return len(numbers) > 0 and min(numbers) > 0 and max(numbers) >= DECADE * min(numbers)


def log_ticks(low: float, high: float) -> list[float]:
    """Powers of ten around a range, with 2 and 5 between them where it spans fewer than three."""
    exponents = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    steps = (1, 2, 5) if len(exponents) <= 4 else (1,)
    return [step * 10.0**exponent for exponent in exponents for step in steps]


def _is_number(value: Value) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
