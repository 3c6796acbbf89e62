"""Each weight has a tag of its own."""

from typing import Any

import numpy as np
import pytest
from flax import nnx

from runner.diagnostics.observed import Observed
from runner.diagnostics.weights import weights


def seen(parameters: Any) -> Observed:
    """What there is to see of weights alone."""
    return Observed([], {}, {}, {}, parameters, {}, {}, {}, dict, lambda: None)


def test_each_weight_is_told_by_its_place():
    parameters = nnx.state(nnx.Linear(2, 2, rngs=nnx.Rngs(0)), nnx.Param)
    kernel = np.asarray(parameters["kernel"][...])
    found = weights(seen(parameters))
    assert {tag: float(value) for tag, value in found.items()} == {
        "diagnostics/weight/bias/0": 0.0,
        "diagnostics/weight/bias/1": 0.0,
        **{f"diagnostics/weight/kernel/{i}/{j}": float(kernel[i, j]) for i, j in np.ndindex(2, 2)},
    }


def test_of_a_single_one_the_place_is_left_out():
    parameters = nnx.state(nnx.Linear(1, 1, rngs=nnx.Rngs(0)), nnx.Param)
    assert list(weights(seen(parameters))) == ["diagnostics/weight/bias", "diagnostics/weight/kernel"]


def test_too_many_are_refused():
    parameters = nnx.state(nnx.Linear(16, 1, rngs=nnx.Rngs(0)), nnx.Param)
    with pytest.raises(ValueError, match="a model of 17 weights has too many"):
        weights(seen(parameters))
