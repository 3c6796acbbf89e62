"""The ramp: one training in which the learning rate rises exponentially."""

import copy
from functools import partial
from typing import NamedTuple

import numpy as np
from omegaconf import DictConfig, OmegaConf

from runner.preparation import Material, Prepared, compile_lanes, trace, with_inputs
from runner.range_test.course import Watch, mean_loss, take_course
from runner.range_test.reading import finite, is_over
from runner.range_test.settings import Settings
from runner.training.lanes import alone
from runner.training.loop import Chunk


class Ramp(NamedTuple):
    """What was measured."""

    rates: np.ndarray
    """[n], of the steps that were taken."""
    losses: np.ndarray
    """[n]: the training loss of each step's batch; not finite, if at all, at the end."""
    blew_up: bool
    """Whether it ended before the highest rate."""

    @property
    def sound(self) -> int:
        """How many of the losses are finite."""
        return finite(self.losses)


def prepare_ramp(material: Material, settings: Settings) -> Prepared:
    """Compiles the ramp of a config, in place of its own schedule; raises ConfigError as `prepare` does."""
    config = _rising(material.config, settings)
    steps = settings.steps
    plan = material.plan.unobserved(steps, steps, 1)
    rising = material._replace(config=config, plan=plan)
    return with_inputs(
        config,
        material.spec,
        steps,
        lambda lane: compile_lanes(rising, lane, [lane.inputs], alone()),
        partial(trace, rising),
    )


def run_ramp(prepared: Prepared, watch: Watch) -> Ramp:
    """Trains up the ramp until it blows up; raises as `take_course` does."""
    rates: list[float] = []
    losses: list[float] = []

    def follow(chunk: Chunk) -> bool:
        rates.append(float(chunk.record.learning_rate[0]))
        losses.append(float(mean_loss(chunk, 1)[0]))
        return is_over(losses)

    take_course(prepared, 1, follow, watch)
    return Ramp(np.asarray(rates), np.asarray(losses), is_over(losses))


def _rising(config: DictConfig, settings: Settings) -> DictConfig:
    """The config with low * (high / low)^(step / (steps - 1)) for its schedule."""
    rising = copy.deepcopy(config)
    OmegaConf.set_struct(rising, False)
    rising.schedule = {
        "_target_": "runner.training.schedules.exponential",
        "init_value": settings.low,
        "transition_steps": float(settings.steps - 1),
        "decay_rate": settings.high / settings.low,
    }
    return rising
