"""The path of weights is read as it was recorded."""

import json

import numpy as np

from runner.records.trajectory import read_trajectory, weight_names


def test_names_are_those_of_the_weights():
    tags = ["train/loss", "diagnostics/weight/y", "diagnostics/weight/x", "diagnostics/other"]
    assert weight_names(tags) == ("x", "y")


def test_a_line_is_a_point_and_a_broken_one_is_left_out(tmp_path):
    lines = [
        {"step": 1, "diagnostics/weight/x": 1.0, "diagnostics/weight/y": 2},
        {"step": 2, "diagnostics/weight/x": 3.0, "diagnostics/weight/y": None},
        {"step": 3, "diagnostics/weight/x": 4.0, "diagnostics/weight/y": 5.0},
        {"step": 3, "test/loss": 1.0},
    ]
    records = tmp_path / "metrics.jsonl"
    records.write_text("\n".join(map(json.dumps, lines)) + '\n{"step": 4, "diagn')
    np.testing.assert_array_equal(read_trajectory(records, ("x", "y")), [[1, 2], [4, 5]])
    assert read_trajectory(tmp_path / "nowhere", ("x", "y")).shape == (0, 2)
