"""The trajectories of models of two weights over their loss: a landscape for each loss."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from runner.comparison.model import Comparison, Setting
from runner.comparison.plots.featured import COLOURS
from runner.comparison.plots.labels import short_text
from runner.comparison.wording import option_text
from runner.pictures.landscape import landscape_window
from runner.records.trajectory import read_trajectory, weight_names

OF_THE_LOSS = ("model", "dataset", "loss")
"""The sections of a config that a landscape depends on; how it is walked over depends on the others."""
CELLS = 60
GREYS = ("#ffffff", "#a3abb5")
"""From the lowest to the highest: every colour of a setting stands out."""

Heights = Callable[[Path, np.ndarray], np.ndarray | None]
"""From a run's folder and values of its two weights [n, 2] to the loss there [n]; None if nobody can tell."""


@dataclass(frozen=True)
class Trajectory:
    """One setting's way."""

    label: str
    colour: str
    points: np.ndarray
    """[steps, 2]."""


@dataclass(frozen=True)
class Landscape:
    """A loss over the plane of two weights."""

    label: str
    """The options that make it, `model=saddle`; empty where none varies."""
    names: tuple[str, str]
    """Of the weights: across, up."""
    across: np.ndarray
    """[CELLS]."""
    up: np.ndarray
    """[CELLS]."""
    heights: np.ndarray | None
    """The loss at each of them, [up, across]; None where it is not known."""
    trajectories: tuple[Trajectory, ...]


def landscapes(comparison: Comparison, heights: Heights) -> tuple[Landscape, ...]:
    """A landscape for each loss that the settings of two recorded weights were trained on.

    In each the best setting of every choice of options, at most six; where the choices are all the same, the
    six best settings. A choice has one colour in all of them.
    """
    of_loss = [key for key in comparison.varied if key.partition(".")[0] in OF_THE_LOSS]
    others = [key for key in comparison.varied if key not in of_loss]
    chosen = [key for key in others if key in comparison.runs[0].groups] or others
    grouped: dict[tuple[object, ...], dict[tuple[object, ...], Setting]] = {}
    for setting in comparison.settings:
        if setting.finite and len(_points(setting)):
            best = grouped.setdefault(_pick(setting, of_loss), {})
            best.setdefault(_pick(setting, chosen), setting)
    choices = list(dict.fromkeys(choice for best in grouped.values() for choice in best))[: len(COLOURS)]
    return tuple(
        _landscape(
            [(choices.index(choice), setting) for choice, setting in best.items() if choice in choices],
            of_loss,
            others,
            heights,
        )
        for best in grouped.values()
    )


def _landscape(
    drawn: Sequence[tuple[int, Setting]], of_loss: Sequence[str], others: Sequence[str], heights: Heights
) -> Landscape:
    first = drawn[0][1]
    left, right = weight_names(first.runs[0].metrics)
    trajectories = tuple(
        Trajectory(
            " · ".join(short_text(setting.options[key]) for key in others if key in setting.options),
            COLOURS[place],
            _points(setting),
        )
        for place, setting in sorted(drawn, key=lambda one: one[0])
    )
    shown = landscape_window(np.concatenate([trajectory.points for trajectory in trajectories]))
    across, up = np.linspace(shown.low, shown.high, CELLS).T
    found = heights(first.runs[0].folder, np.stack(np.meshgrid(across, up), axis=-1).reshape(-1, 2))
    return Landscape(
        " ".join(f"{key}={option_text(first.options[key])}" for key in of_loss if key in first.options),
        (left, right),
        across,
        up,
        None if found is None else found.reshape(CELLS, CELLS),
        trajectories,
    )


def _points(setting: Setting) -> np.ndarray:
    """The path of its first seed [steps, 2]; none unless that recorded two weights."""
    run = setting.runs[0]
    names = weight_names(run.metrics)
    return read_trajectory(run.records, names) if len(names) == 2 else np.empty((0, 2))


def _pick(setting: Setting, keys: Sequence[str]) -> tuple[object, ...]:
    return tuple(setting.options.get(key) for key in keys)
