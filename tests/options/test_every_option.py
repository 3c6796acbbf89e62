"""Every option of every group trains, and does something: a new YAML is tested without a new line here."""

import functools

import numpy as np
import pytest

from runner import groups
from tests.options.made import overrides_of
from tests.options.programs import Trained, trained

BASE = ("dataset.subset=128", "batch_size=32")
"""Small, and with steps enough in an epoch."""
BASES: dict[str, tuple[str, ...]] = {
    "normalization": ("model.hidden=[16,8]",),
    "regularizer": ("model.hidden=[16]",),
}
"""What makes a group's options meaningful, beside BASE."""
NEEDED: dict[str, tuple[str, ...]] = {
    "augmentation=color": ("dataset=npz",),
    "regularizer=max_norm": ("regularizer.max_norm=0.5",),
}
"""What makes an option meaningful, or possible at all."""
ALIKE = {
    "diagnostics=off": "it looks at nothing, and what the others look at they leave alone",
    "schedule=plateau": "it acts once evaluations have been in vain",
}
"""Options that train as their group's default does for so few steps, and why."""
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


@pytest.mark.parametrize(("group", "option"), OPTIONS, ids=lambda name: name)
def test_an_option_trains_and_does_something(group, option, files):
    name, usual = f"{group}={option}", f"{group}={DEFAULTS[group]}"
    base = (*BASE, *BASES.get(group, ()))
    if group == "dataset":
        base = tuple(overrides_of({"dataset": option}, files))
    needed = tuple(text for needed in NEEDED.get(name, ()) for text in _with_files(needed, files))
    found = _trained(*base, name, *needed)
    assert np.isfinite(found.losses)
    assert np.isfinite(found.weights).all()
    if group in ("dataset", "model") or name in (usual, *ALIKE):
        return  # another network has other weights anyway
    other = _trained(*base, usual, *[text for text in needed if not text.startswith(f"{group}.")])
    same = found.weights.shape == other.weights.shape and np.allclose(found.weights, other.weights, atol=1e-9)
    assert not same, f"{name} trains as {usual} does"


def _with_files(override: str, files: dict) -> list[str]:
    group, _, option = override.partition("=")
    path = files.get(option) if group == "dataset" else None
    return [override] if path is None else [override, f"dataset.path={path}"]
