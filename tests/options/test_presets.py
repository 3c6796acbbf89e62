"""Every preset trains, shrunken, with the last values of each of its grids."""

import numpy as np
import pytest

from runner import groups
from runner.composition import compose
from tests.options.programs import trained

SHRUNKEN = ["dataset.subset=64", "batch_size=16", "steps=5"]
SMALLER = {"sigmoid_depth": ["model.hidden=[8,8,8]"], "fashion_resnet": ["model.width=4", "model.depth=8"]}
"""Depth takes long to compile."""
PRESETS = [
    option.name
    for option in groups.options("experiment", [groups.CONFIGS])
    if not option.name.startswith("fault/")  # which test_faults.py trains
]


@pytest.mark.parametrize("preset", PRESETS)
def test_a_preset_trains(preset, files):
    chosen = [f"experiment={preset}", *SHRUNKEN, *SMALLER.get(preset, [])]
    dataset = compose(chosen).dataset["_target_"].rpartition(".")[2]
    if dataset in files:
        chosen.append(f"dataset.path={files[dataset]}")
    pooled = [name for name in compose(chosen).augmentation if name in files]
    chosen.extend(f"augmentation.{name}.path={files[name]}" for name in pooled)
    for grid in compose(chosen).sweep.grids or [{}]:
        last = [f"{key}={str(values).rpartition(',')[2]}" for key, values in grid.items()]
        kept = [text for text in chosen if text.partition("=")[0] not in grid]
        assert np.isfinite(trained([*kept, *last]).losses)
