"""A generator is judged as one: by what it makes, and not by how far its loss is from another's."""

import numpy as np
import pytest

from runner.diagnostics.history import NOTHING, history
from runner.diagnostics.verdicts import judge

STEPS = range(100, 1300, 100)


def judged(spread, **others):
    records = [
        {"step": float(step), "train/loss": 30.0, "val/spread": spread, "val/data_spread": 0.3} | others
        for step in STEPS
    ]
    return {finding.name: finding for finding in judge(history(records, NOTHING))}


@pytest.mark.parametrize(("spread", "severity"), [(0.01, "problem"), (0.12, "warning")])
def test_examples_that_are_all_alike_are_a_finding(spread, severity):
    found = judged(spread)
    assert list(found) == ["collapse"]
    assert found["collapse"].severity == severity
    assert found["collapse"].since == 100
    assert found["collapse"].evidence.numbers["share"] == pytest.approx(spread / 0.3)


def test_a_generator_as_diverse_as_the_data_is_healthy():
    assert judged(0.25) == {}


def test_a_burst_of_its_gradient_is_a_finding():
    bursts = np.ones(12)
    bursts[5] = 1e6
    records = [
        {
            "step": float(step),
            "train/loss": 3.0,
            "val/spread": 0.3,
            "val/data_spread": 0.3,
            "gradient_norm/global": 1.0,
            "gradient_norm/largest": float(burst),
        }
        for step, burst in zip(STEPS, bursts, strict=True)
    ]
    assert [finding.name for finding in judge(history(records, NOTHING))] == ["exploding_gradient"]
