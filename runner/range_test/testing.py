"""The range test of a config: a ramp, trainings about what it suggests, and where its own rate stands."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from runner.errors import ConfigError
from runner.memory import OutOfMemoryError
from runner.preparation import Material, Prepared
from runner.range_test.choice import Choice, choose, standard_error
from runner.range_test.course import UNWATCHED, Watch, untrained
from runner.range_test.ramp import Ramp, prepare_ramp, run_ramp
from runner.range_test.rates import around, beyond
from runner.range_test.reading import Reading, read
from runner.range_test.result import Result
from runner.range_test.settings import Settings, settings_of
from runner.range_test.standing import Standing, by_ramp, by_trainings
from runner.range_test.trainings import Trained, Trainings, prepare_trainings

WINDOWS = 4
"""How many times rates are tried at most, where the good ones reach the edge of those before."""

Stages = Callable[[str, int], Watch]
"""Who follows the part of a test that begins: its name and its number of steps."""


class RangeTest(NamedTuple):
    """A range test, compiled."""

    material: Material
    settings: Settings
    ramp: Prepared
    trainings: Trainings
    untrained: float
    """The value of the objective on val before the first step."""

    @property
    def compile_seconds(self) -> float:
        """How long compiling took."""
        trainings = self.trainings.prepared
        return self.ramp.compile_seconds + (0.0 if trainings is None else trainings.compile_seconds)


def prepare_test(material: Material) -> RangeTest:
    """Compiles the range test of a config; raises ConfigError where it cannot be built."""
    settings = settings_of(material.config)
    ramp, trainings = prepare_ramp(material, settings), prepare_trainings(material, settings)
    try:
        return RangeTest(material, settings, ramp, trainings, untrained(ramp))
    except OutOfMemoryError as error:
        raise ConfigError(f"model: {error}") from error


def run_test(test: RangeTest, stages: Stages) -> Result:
    """Runs the ramp and the trainings.

    Raises KeyboardInterrupt where a stage was interrupted, OutOfMemoryError where there is no room.
    """
    material, steps = test.material, test.trainings.material.plan.total
    ramp = run_ramp(test.ramp, stages("ramp", test.settings.steps))
    reading = _read(ramp)
    trained, choice = _try(test, reading, lambda count: stages(f"{count} trainings of {steps} steps", steps))
    standing = by_trainings(_configured(material), choice, steps / material.plan.total)
    metric = f"val/{material.objective}"
    return Result(metric, material.maximise, steps, ramp, reading, trained, choice, standing)


def standing_by_ramp(material: Material, watch: Watch = UNWATCHED) -> Standing:
    """Where the learning rate of a config stands by a ramp alone, which costs one compilation and its steps.

    Raises ConfigError where it cannot be built, KeyboardInterrupt where it was interrupted.
    """
    settings = settings_of(material.config)
    ramp = run_ramp(prepare_ramp(material, settings), watch)
    return by_ramp(_configured(material), ramp, _read(ramp))


def standing_by_trainings(material: Material) -> Standing:
    """Where the learning rate of a config stands by a whole range test; raises as `standing_by_ramp` does."""
    return run_test(prepare_test(material), lambda name, steps: UNWATCHED).standing


def _try(
    test: RangeTest, reading: Reading, watching: Callable[[int], Watch]
) -> tuple[list[Trained], Choice | None]:
    """Trains at rates about what the ramp suggests, and beyond them while the best are at their edge."""
    material, trained, choice = test.material, list[Trained](), None
    rates = around(reading.suggestion, _configured(material), test.settings)
    for _ in range(WINDOWS):
        trained = sorted([*trained, *test.trainings.run(rates, watching(len(rates)))])
        choice = _choose(test, trained)
        if choice is None:
            break
        rates = beyond([one.rate for one in trained], choice.first, choice.last, test.settings)
        if not rates:
            break
    return trained, choice


def _choose(test: RangeTest, trained: list[Trained]) -> Choice | None:
    material, values = test.material, [one.value for one in trained]
    rates = [one.rate for one in trained]
    best = (np.nanmax if material.maximise else np.nanmin)([*values, test.untrained])
    error = standard_error(material.objective, float(best), len(material.dataset.val))
    return choose(rates, values, material.maximise, test.untrained, error)


def _read(ramp: Ramp) -> Reading:
    return read(ramp.rates[: ramp.sound], ramp.losses[: ramp.sound])


def _configured(material: Material) -> float:
    return float(material.config.optimizer.learning_rate)
