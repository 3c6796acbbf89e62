"""The programs of one lane, as what is compiled for many is made of."""

from typing import NamedTuple

from runner.training import diagnosis, program
from runner.training.once import Once
from runner.training.parts import Build


class LanePrograms(NamedTuple):
    """Each is traced once at most, whoever asks first: the plan of a sweep, or its lanes."""

    build: Build
    start: Once
    advance: Once
    """Of a state without its best weights, as `past_best` gives it."""
    assess: Once
    look: Once
    tags: list[str]
    """Of the signals, from when `look` is traced."""


def lane_programs(build: Build) -> LanePrograms:
    """The programs of a lane that is built so."""
    tags: list[str] = []
    return LanePrograms(
        build,
        Once(program.start(build)),
        Once(program.advance(build)),
        Once(program.assess(build)),
        Once(diagnosis.look(build, tags)),
        tags,
    )
