"""Every data set that needs no files trains with nothing else said, and its run says with which loss."""

import json
from pathlib import Path

import pytest
import yaml

from runner.cli import main

SMALL = ["epochs=2", "batch_size=16", "model.hidden=[8]", "diagnostics=off"]
MSE, CROSS_ENTROPY = "runner.objectives.losses.mse", "optax.softmax_cross_entropy"
CASES = [
    ("dataset=iris", "accuracy", CROSS_ENTROPY),
    pytest.param("dataset=wine", "accuracy", CROSS_ENTROPY, marks=pytest.mark.exhaustive),
    pytest.param("dataset=breast_cancer", "accuracy", CROSS_ENTROPY, marks=pytest.mark.exhaustive),
    ("dataset=diabetes", "r2", MSE),
    ("dataset=playground dataset.shape=xor", "accuracy", CROSS_ENTROPY),
    ("dataset=playground dataset.task=regression dataset.features=[x1,x2,'sin x1']", "mse", MSE),
]


@pytest.mark.parametrize(("overrides", "metric", "loss"), CASES, ids=str)
def test_it_trains(overrides: str, metric: str, loss: str, here: Path) -> None:
    assert main(["train", *_words(overrides), *SMALL, "output_dir=run"]) == 0
    summary = json.loads((here / "run" / "summary.json").read_text())
    assert summary["status"] == "completed" and f"test/{metric}" in summary["metrics"]
    assert "loss=" not in " ".join(summary["overrides"])
    config = yaml.safe_load((here / "run" / ".hydra" / "config.yaml").read_text())
    assert config["loss"]["_target_"] == loss


def _words(overrides: str) -> list[str]:
    return [word if word.startswith("dataset") else f"dataset{word}" for word in overrides.split(" dataset")]


def test_an_unknown_shape_is_one_line(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", "dataset=playground", "dataset.shape=sprial"]) == 2
    error = capsys.readouterr().err
    assert error == "runner: dataset: dataset.shape=sprial: there is no such shape; did you mean spiral?\n"
    assert list(here.iterdir()) == []


def test_the_jobs_of_a_sweep_have_the_loss_of_their_task(here: Path) -> None:
    tasks = ["dataset=playground", "dataset.task=classification,regression", "objective.metric=val/loss"]
    assert main(["train", "-m", *tasks, *SMALL, "output_dir=sweep"]) == 0
    for number, tag in enumerate(["test/accuracy", "test/r2"]):
        summary = json.loads((here / "sweep" / str(number) / "summary.json").read_text())
        assert tag in summary["metrics"]
