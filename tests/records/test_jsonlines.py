"""`metrics.jsonl` is valid JSON, an evaluation a line."""

import json
import math

import pytest

from runner.records.entry import Entry
from runner.records.jsonlines import JsonLines, last_metrics, read_records


def test_evaluations_are_lines_and_what_is_not_finite_is_null(tmp_path):
    lines = JsonLines(tmp_path)
    lines.write(Entry(1, 0.5, {"train/loss": 3.0}, False))
    lines.write(Entry(2, 1.0, {"train/loss": 0.1, "val/loss": math.nan, "val/mse": math.inf}, True))
    lines.close()
    (line,) = (tmp_path / "metrics.jsonl").read_text().splitlines()
    assert json.loads(line, parse_constant=pytest.fail) == {
        "step": 2,
        "epoch": 1.0,
        "train/loss": 0.1,
        "val/loss": None,
        "val/mse": None,
    }


def test_floats_come_back_to_the_bit(tmp_path):
    value = 0.1 + 0.2
    lines = JsonLines(tmp_path)
    lines.write(Entry(1, 1.0, {"val/loss": value}, True))
    lines.close()
    assert last_metrics(read_records(tmp_path)) == {"val/loss": value}


def test_a_resumed_run_appends_and_the_last_value_of_each_tag_counts(tmp_path):
    for step in (1, 2):
        lines = JsonLines(tmp_path)
        lines.write(Entry(step, step, {"val/loss": step, f"only/{step}": step}, True))
        lines.close()
    assert last_metrics(read_records(tmp_path)) == {"val/loss": 2, "only/1": 1, "only/2": 2}


def test_a_run_without_evaluations_has_no_metrics(tmp_path):
    assert last_metrics(read_records(tmp_path)) == {}
