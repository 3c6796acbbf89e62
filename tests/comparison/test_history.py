"""One tag of `metrics.jsonl`."""

import json

import numpy as np

from runner.comparison.history import read_history

ENTRIES = [
    {"step": 22, "epoch": 1.0, "val/accuracy": 0.5, "val/accuracy_top5": 0.9},
    {"step": 44, "epoch": 2.0, "val/accuracy": None},
    {"step": 66, "epoch": 3.0, "val/accuracy": 0.7},
    {"step": 66, "epoch": 3.0, "test/accuracy": 0.6},
]


def test_finite_values_by_step_and_no_half_written_line(tmp_path):
    records = tmp_path / "metrics.jsonl"
    half = '{"step": 88, "epoch": 4.0, "val/accuracy": 0.'
    records.write_text("\n".join([*map(json.dumps, ENTRIES), half]))
    found = read_history(records, "val/accuracy")
    np.testing.assert_array_equal(found.steps, [22, 66])
    np.testing.assert_array_equal(found.epochs, [1.0, 3.0])
    np.testing.assert_array_equal(found.values, [0.5, 0.7])


def test_no_file_is_no_history(tmp_path):
    assert len(read_history(tmp_path / "metrics.jsonl", "val/accuracy").values) == 0
