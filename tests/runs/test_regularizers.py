"""Every regularizer trains as its option sets it, and shows what it is for."""

import json

import pytest

from tests.runs.outcomes import run_in, summary_of, written

SMALL = ["model.hidden=[16]", "dataset.subset=256", "epochs=2", "diagnostics=off"]


def test_all_of_them_together(tmp_path):
    run = run_in(tmp_path / "run", [*SMALL, "regularizer=[l0,elastic_net,nuclear,max_norm,dropout]"])
    assert summary_of(run)["status"] == "completed"
    shown = ["effective_rank", "largest_norm", "weight_norm", "zeros"]
    lines = [json.loads(line) for line in (run / "metrics.jsonl").read_text().splitlines()]
    for line in lines[:2]:
        assert sorted(tag for tag in line if tag.startswith("regularizer/")) == [
            f"regularizer/{name}" for name in shown
        ]
    assert 0 < lines[1]["regularizer/zeros"] < 1
    assert 1 <= lines[1]["regularizer/effective_rank"] <= 13
    assert lines[1]["regularizer/largest_norm"] <= 3
    scalars = {(tag, step): value for tag, step, value in written(run)}
    for name in shown:
        tag = f"regularizer/{name}"
        assert scalars[tag, lines[1]["step"]] == pytest.approx(lines[1][tag], rel=1e-6)


def test_l1_alone_shows_its_zeros_alone(tmp_path):
    run = run_in(tmp_path / "run", [*SMALL, "regularizer=l1", "optimizer=momentum"])
    shown = {tag for tag in summary_of(run)["metrics"] if tag.startswith("regularizer/")}
    assert shown == {"regularizer/zeros"}
