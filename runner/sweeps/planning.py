"""Which runs one compiled program can train together, found by tracing."""

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

import jax
from omegaconf import DictConfig, OmegaConf

from runner.backend import width
from runner.composition import SweepJob
from runner.configuration import BOOKKEEPING
from runner.data.dataset import Dataset
from runner.errors import ConfigError
from runner.experiment import SHARED_BY_LANES, build_dataset, numbers_in
from runner.preparation import Lane, Material, gather_with, place_dataset, trace, with_inputs
from runner.training.batches import Data
from runner.training.lane_programs import LanePrograms

Numbers = Mapping[str, float | int]
DATA_KEYS = (*sorted(SHARED_BY_LANES), "precision")
"""What decides what is on the device."""
RECORDED = frozenset({"log_every", "device"})
"""Bookkeeping that the runs of a program share all the same."""


class Program(NamedTuple):
    """Runs that one compiled program can train as its lanes."""

    material: Material
    lane: Lane
    traced: LanePrograms | None
    """Its programs, if they were traced; None where the plan went by another program like it."""
    jobs: list[int]
    """Their places among the jobs of the sweep."""
    inputs: list[Numbers]
    """Of each run: the numbers that the program takes."""
    structural: tuple[str, ...]
    """The numbers that it cannot take, and is compiled for."""
    flops: float
    """Floating-point operations of a step of one lane."""
    bytes: int
    """Of the state of one lane."""


class Plan(NamedTuple):
    """What a sweep comes to."""

    programs: list[Program]
    failed: dict[int, str]
    """Why a job cannot be built, by its place."""


def plan(jobs: Sequence[SweepJob]) -> Plan:
    """Groups jobs by structure; the data must be there, and JAX configured."""
    groups: dict[str, list[int]] = {}
    for place, job in enumerate(jobs):
        groups.setdefault(structure_of(job.config), []).append(place)
    programs: list[Program] = []
    failed: dict[int, str] = {}
    data: dict[str, tuple[Dataset, Data]] = {}
    for places in groups.values():
        try:
            programs += _programs(jobs, places, data)
        except ConfigError as error:
            failed |= dict.fromkeys(places, str(error))
    return Plan(programs, failed)


def structure_of(config: Mapping[str, Any]) -> str:
    """The config without its numbers: the same for runs that a single program may train."""
    kept = {key: node for key, node in config.items() if key not in BOOKKEEPING or key in RECORDED}
    blank = {key: node if key in SHARED_BY_LANES else _blank(node) for key, node in kept.items()}
    return json.dumps(blank | {"seed": None}, sort_keys=True, default=str)


def config_of(job: SweepJob) -> DictConfig:
    """The config of a job as a single run has it."""
    config = OmegaConf.create(job.config)
    assert isinstance(config, DictConfig)
    return config


def _blank(node: Any) -> Any:
    if isinstance(node, dict):
        return {key: _blank(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_blank(value) for value in node]
    return "number" if isinstance(node, float) and node != 0 else node


def _programs(
    jobs: Sequence[SweepJob], places: list[int], data: dict[str, tuple[Dataset, Data]]
) -> list[Program]:
    config = config_of(jobs[places[0]])
    with width(config):
        material = gather_with(config, *_data(jobs[places[0]], config, data))
        total = material.plan.total
        lane, traced = with_inputs(
            config, material.spec, total, lambda lane: (lane, trace(material, lane)), partial(trace, material)
        )
    numbers = {place: numbers_in(jobs[place].config, total) for place in places}
    size = sum(leaf.size * leaf.dtype.itemsize for leaf in jax.tree.leaves(traced.state))
    return [
        Program(
            material,
            Lane(lane.blueprint, _some(numbers[alike[0]], lane.inputs), structure),
            traced.programs if structure == lane.structure else None,
            alike,
            [_some(numbers[place], lane.inputs) for place in alike],
            tuple(structure),
            traced.flops,
            size,
        )
        for structure, alike in _split(numbers, lane.structure)
    ]


def _data(job: SweepJob, config: DictConfig, data: dict[str, tuple[Dataset, Data]]) -> tuple[Dataset, Data]:
    key = json.dumps([job.resolved[name] for name in DATA_KEYS], sort_keys=True, default=str)
    if key not in data:
        dataset = build_dataset(config)
        data[key] = dataset, place_dataset(config, dataset)
    return data[key]


def _split(
    numbers: Mapping[int, Numbers], structural: Iterable[str]
) -> list[tuple[dict[str, float | int], list[int]]]:
    """The places whose structural numbers are the same, with these numbers."""
    keys = list(structural)
    found: dict[tuple[float | int, ...], list[int]] = {}
    for place, own in numbers.items():
        found.setdefault(tuple(own[key] for key in keys), []).append(place)
    return [(dict(zip(keys, values, strict=True)), places) for values, places in found.items()]


def _some(numbers: Numbers, keys: Iterable[str]) -> Numbers:
    return {key: numbers[key] for key in keys}
