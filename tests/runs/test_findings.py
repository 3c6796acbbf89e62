"""A run that goes wrong says so: on the console, in its summary, its log and TensorBoard."""

import json
from pathlib import Path

import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from runner.cli import main
from tests.runs.outcomes import summary_of, written

SMALL = ["dataset.subset=256", "model.hidden=[16]", "epochs=10", "diagnostics.every=4"]


def train(folder: Path, *options: str) -> int:
    return main(["train", *SMALL, *options, f"output_dir={folder}"])


@pytest.fixture(scope="module")
def lost(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run whose steps are far too large."""
    folder = tmp_path_factory.mktemp("lost") / "run"
    assert train(folder, "optimizer=sgd", "optimizer.learning_rate=100") in (0, 1)
    return folder


def test_it_is_in_the_summary(lost):
    found = {finding["name"]: finding for finding in summary_of(lost)["findings"]}
    assert found.keys() & {"learning_rate_too_high", "diverged", "dead_units"}
    for finding in found.values():
        assert finding["severity"] in ("remark", "warning", "problem")
        assert finding["evidence"]["sentence"] and finding["where"]
    assert any(finding["severity"] == "problem" for finding in found.values())


def test_it_is_told_in_words(lost, capsys):
    log = (lost / "run.log").read_text()
    events = EventAccumulator(str(lost), {"tensors": 0}).Reload()
    *_, told = events.Tensors("findings/text_summary")
    table = told.tensor_proto.string_val[0].decode()
    for finding in summary_of(lost)["findings"]:
        assert f"{finding['name']} ({finding['severity']}" in log
        assert finding["name"] in table


def test_it_is_said_on_the_way(lost):
    first = next(line for line in (lost / "run.log").read_text().splitlines() if "; try: " in line)
    steps = json.loads((lost / "metrics.jsonl").read_text().splitlines()[7])["step"]
    assert first.startswith(f"step {steps}: ")


def test_what_was_seen_before_the_first_step_is_told_by_tensorboard_alone(lost):
    first = {tag: value for tag, step, value in written(lost) if step == 0}
    assert first["diagnostics/batch_loss/zeros"] == pytest.approx(2.302585, rel=1e-5)
    assert "train/loss" not in first
    lines = [json.loads(line) for line in (lost / "metrics.jsonl").read_text().splitlines()]
    assert all("val/loss" in line or "test/loss" in line for line in lines)


def test_a_healthy_run_says_nothing(tmp_path, capsys):
    assert train(tmp_path / "run", "epochs=12") == 0
    assert "problem" not in {found["severity"] for found in summary_of(tmp_path / "run")["findings"]}
    assert "problem" not in capsys.readouterr().out


def test_a_sweep_counts_them(tmp_path, capsys):
    grid = ["optimizer=sgd", "optimizer.learning_rate=0.05,100", "seed=0,1"]
    assert main(["train", "-m", *SMALL, *grid, f"output_dir={tmp_path / 'sweep'}"]) == 0
    said = capsys.readouterr().out
    assert "2 of 4 runs with a problem" in said
    assert main(["compare", str(tmp_path / "sweep")]) == 0
    said = capsys.readouterr().out
    assert "Findings" in said and "learning_rate=100" in said
