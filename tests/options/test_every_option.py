"""Every option of every group trains, and does something: a new YAML is tested without a new line here."""

import functools

import numpy as np
import pytest

from runner import groups
from tests.options.programs import Trained, trained

BASE = ("dataset.subset=128", "batch_size=32")
"""Small, and with steps enough in an epoch."""
BASES: dict[str, tuple[str, ...]] = {
    "normalization": ("model.hidden=[16,8]",),
}
"""What makes a group's options meaningful, beside BASE."""
ALIKE = {
    "diagnostics": "they look at the step and leave it alone",
    "experiment": "presets are trained in a test of their own",
    "sweep": "grids of values, not parts of a run",
}
"""Groups whose options train alike, and why."""
DEFAULTS = groups.defaults()
OPTIONS = [
    (group, option.name)
    for group in groups.names(groups.folders())
    if group not in ("experiment", "sweep")
    for option in groups.options(group, groups.folders())
]


@functools.cache
def _trained(*overrides: str) -> Trained:
    return trained(overrides)


@pytest.mark.parametrize(("group", "option"), OPTIONS, ids="=".join)
def test_an_option_trains_and_does_something(group, option):
    base = (*BASE, *BASES.get(group, ()))
    found = _trained(*base, f"{group}={option}")
    assert np.isfinite(found.losses)
    assert np.isfinite(found.weights).all()
    if option == DEFAULTS[group] or group in ALIKE:
        return
    usual = _trained(*base, f"{group}={DEFAULTS[group]}")
    same = found.weights.shape == usual.weights.shape and np.allclose(found.weights, usual.weights, atol=1e-9)
    assert not same, f"{group}={option} trains as {group}={DEFAULTS[group]} does"
