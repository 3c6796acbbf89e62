"""Short trainings at many learning rates, as lanes of a program."""

import copy
from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

import jax
import numpy as np
from omegaconf import DictConfig, OmegaConf

from runner import durations
from runner.experiment import as_arrays
from runner.preparation import Lane, Material, Prepared, compile_lanes, real, trace, with_inputs
from runner.range_test.course import Watch, mean_loss, take_course
from runner.range_test.settings import RATE, Settings
from runner.sweeps.options import most_at_once
from runner.training.lanes import alone, lay_out, spread
from runner.training.loop import Chunk
from runner.training.plan import Plan

PARTS = 5
"""The training loss is averaged over the last of so many parts of a training."""


class Trained(NamedTuple):
    """One short training."""

    rate: float
    train_loss: float
    value: float
    """Of the objective on val, at the end. nan, like the loss, where it diverged."""

    @property
    def diverged(self) -> bool:
        """Whether a loss was not finite on the way."""
        return bool(np.isnan(self.value))


class Trainings(NamedTuple):
    """Short trainings, compiled for any rates; where a rate cannot be an input, not yet compiled."""

    material: Material
    lane: Lane
    lanes: int
    """How many are trained at once."""
    prepared: Prepared | None

    def run(self, rates: Sequence[float], watch: Watch) -> list[Trained]:
        """Trains at each of the rates; raises as `take_course` does."""
        batches = [rates[first : first + self.lanes] for first in range(0, len(rates), self.lanes)]
        return [trained for batch in batches for trained in _train(self._at(batch), batch, watch)]

    def _at(self, rates: Sequence[float]) -> Prepared:
        if self.prepared is None:
            lane = self.lane._replace(structure={**self.lane.structure, RATE: rates[0]})
            return compile_lanes(self.material, lane, [lane.inputs], alone())
        layout = self.prepared.programs.layout
        filled = [*rates, *[rates[-1]] * (layout.lanes - len(rates))]
        inputs = [{**self.lane.inputs, RATE: rate} for rate in filled]
        return self.prepared._replace(numbers=spread(as_arrays(inputs, real(self.material.config)), layout))


def prepare_trainings(material: Material, settings: Settings) -> Trainings:
    """Compiles the short trainings of a config; raises ConfigError as `prepare` does."""
    config, plan = _explicit(material.config), _short(material.plan, settings)
    short = material._replace(config=config, plan=plan)
    lane, traced = with_inputs(
        config, material.spec, plan.total, lambda lane: (lane, trace(short, lane)), partial(trace, short)
    )
    if RATE not in lane.inputs:
        return Trainings(short, lane, 1, None)
    size = sum(leaf.size * leaf.dtype.itemsize for leaf in jax.tree.leaves(traced.state))
    most = most_at_once(traced.flops, size, config.sweep.lanes)
    lanes = -(-settings.rates // -(-settings.rates // most))
    layout = lay_out(lanes, traced.flops, jax.devices())
    return Trainings(short, lane, lanes, compile_lanes(short, lane, [lane.inputs] * lanes, layout))


def _explicit(config: DictConfig) -> DictConfig:
    """The config with a plain number for its rate, which may interpolate another."""
    explicit = copy.deepcopy(config)
    OmegaConf.update(explicit, RATE, float(config.optimizer.learning_rate))
    return explicit


def _short(plan: Plan, settings: Settings) -> Plan:
    length = durations.parse(settings.training).steps(plan.per_epoch, plan.total)
    total = min(length, plan.total)
    return plan.unobserved(total, total, max(1, total // PARTS))


def _train(prepared: Prepared, rates: Sequence[float], watch: Watch) -> list[Trained]:
    material, lanes = prepared.material, len(rates)
    losses, values = np.full(lanes, np.nan), np.full(lanes, np.nan)

    def follow(chunk: Chunk) -> bool:
        sound = np.asarray(chunk.record.diverged)[:lanes] < 0
        if material.plan.records(chunk.step):
            steps = chunk.step - material.plan.last_record(chunk.step)
            losses[:] = np.where(sound, mean_loss(chunk, steps)[:lanes], np.nan)
        if chunk.verdict is not None:
            sound = np.asarray(chunk.verdict.diverged)[:lanes] < 0
            found = np.asarray(chunk.verdict.scalars[material.objective], float)[:lanes]
            values[:] = np.where(sound, found, np.nan)
        return not sound.any()

    take_course(prepared, lanes, follow, watch)
    losses[np.isnan(values)] = np.nan
    return [
        Trained(rate, float(loss), float(value))
        for rate, loss, value in zip(rates, losses, values, strict=True)
    ]
