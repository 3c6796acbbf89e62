"""Which floats are inputs of the compiled program, and so may differ between lanes: all but the data's.

The floats of `dataset` and `preprocessing` are structure, because the lanes of a program share their data; a
float that is 0 is structure, because what is off costs nothing. No other float of any option is structure:
`test_every_option` holds it of those that are on by default, this file of the others.
"""

import pytest

from runner import groups
from runner.experiment import SHARED_BY_LANES
from tests.options.made import floats_of, overrides_of
from tests.options.programs import traced
from tests.options.test_every_option import BASES, SMALL

ON = 0.125
"""For a float that is 0 by default."""
AROUND = {
    "seed": "3",
    "ema": "0.9",
    "class_weights": "[0.5,1.0,1.0,1.0,1.0,1.0,1.0,1.0,1.0,2.0]",
    "optimizer.weight_decay": "0.1",
    "optimizer.gradient_clip": "1.0",
    "loss.label_smoothing": "0.1",
    "regularizer.l0": "1e-3",
    "regularizer.l1": "1e-3",
    "regularizer.l2": "1e-3",
    "regularizer.nuclear": "1e-3",
    "regularizer.max_norm": "2.0",
    "regularizer.dropout": "0.1",
}
"""Numbers that every config has, switched on."""


OPTIONS = {
    (group, option.name): switched
    for group in groups.names([groups.CONFIGS])
    if group not in ("experiment", "generator", "sweep", *SHARED_BY_LANES)
    for option in groups.options(group, [groups.CONFIGS])
    if (switched := [key for key, value in floats_of(option, group).items() if value == 0])
}


@pytest.mark.parametrize(("group", "option"), OPTIONS, ids=lambda name: name)
def test_floats_that_are_0_are_inputs_once_they_are_on(group, option, files):
    switched = OPTIONS[group, option]
    on = [f"{key}={ON}" for key in switched]
    lane = traced([*overrides_of({group: option}, files), *BASES.get(group, SMALL), *on])
    assert not lane.structure
    assert lane.inputs.keys() >= set(switched)


def test_the_numbers_that_every_config_has_are_inputs(files):
    on = [f"{key}={value}" for key, value in AROUND.items()]
    lane = traced([*overrides_of({"optimizer": "momentum"}, files), "model.hidden=[16]", *on])
    asked = {*AROUND} - {"class_weights"} | {f"class_weights.{index}" for index in range(10)}
    assert asked | {"steps"} <= lane.inputs.keys()
    assert not lane.structure


def test_what_is_off_and_what_makes_the_data_are_structure(files):
    on = ["dataset.label_noise=0.1", "preprocessing.zca.epsilon=0.2"]
    lane = traced([*overrides_of({"preprocessing": "zca"}, files), *on])
    assert not {"regularizer.l2", "optimizer.gradient_clip", "loss.label_smoothing"} & lane.inputs.keys()
    assert not [key for key in lane.inputs if key.partition(".")[0] in SHARED_BY_LANES]
