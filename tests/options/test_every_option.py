"""Every option trains, does something, and has its floats for inputs: a new YAML needs no line here."""

import functools

import numpy as np
import pytest

from runner import groups
from runner.experiment import SHARED_BY_LANES
from tests.options.made import floats_of, overrides_of
from tests.options.programs import Trained, trained

SMALL = ("model.hidden=[16]", "optimizer=sgd")
BASES: dict[str, tuple[str, ...]] = {
    "dataset": ("model.hidden=[16]",),
    "diagnostics": ("optimizer=sgd",),
    "model": (),
    "normalization": ("model.hidden=[16,8]", "optimizer=sgd"),
    "optimizer": ("model.hidden=[16]",),
    "schedule": (*SMALL, "steps=5"),
}
"""What makes a group's options felt, beside being small; SMALL does it for most."""
NEEDED: dict[str, dict[str, str]] = {
    "augmentation=color": {"dataset": "npz"},
    "diagnostics=weights": {"model": "saddle"},
    "regularizer=max_norm": {"initializer": "normal"},
}
"""Other options that make an option possible, or felt in a few steps."""
ALIKE = {
    "diagnostics=full": "what it looks at it leaves alone",
    "diagnostics=off": "it looks at nothing, and what the others look at they leave alone",
    "diagnostics=weights": "it looks, and changes nothing",
    "schedule=plateau": "it acts once evaluations have been in vain",
}
"""Options that train as their group's default does for so few steps, and why."""
DEFAULTS = groups.defaults()
OPTIONS = {
    (group, option.name): floats_of(option, group)
    for group in groups.names(groups.folders())
    if group not in ("experiment", "generator", "sweep")
    for option in groups.options(group, groups.folders())
}


@functools.cache
def _trained(*overrides: str) -> Trained:
    return trained(overrides)


@pytest.mark.parametrize(("group", "option"), OPTIONS, ids=lambda name: name)
def test_an_option_trains_and_does_something(group, option, files):
    name, usual = f"{group}={option}", f"{group}={DEFAULTS[group]}"
    base = BASES.get(group, SMALL)
    found = _trained(*overrides_of({group: option, **NEEDED.get(name, {})}, files), *base)
    assert np.isfinite(found.losses)
    assert np.isfinite(found.weights).all()
    if group not in SHARED_BY_LANES:
        assert not found.lane.structure
        assert found.lane.inputs.keys() >= {key for key, value in OPTIONS[group, option].items() if value}
    if group in ("dataset", "model") or name in (usual, *ALIKE):
        return  # another network has other weights anyway
    other = _trained(*overrides_of({group: DEFAULTS[group], **NEEDED.get(name, {})}, files), *base)
    same = found.weights.shape == other.weights.shape and np.allclose(found.weights, other.weights, atol=1e-9)
    assert not same, f"{name} trains as {usual} does"
