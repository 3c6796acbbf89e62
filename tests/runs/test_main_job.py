"""`runner train optimizer=adam`, end to end: what a newcomer gets."""

import json
from pathlib import Path

import numpy as np
import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from runner import load_run
from runner.cli import main
from runner.experiment import build_dataset

LAYERS = ("dense.hidden.0", "dense.hidden.1", "dense.logits")
LOOKED_AT = [
    *(f"diagnostics/batch_loss/{of}" for of in ("network", "zeros")),
    *(f"gradient_norm/{layer}" for layer in LAYERS),
    *(f"diagnostics/update_ratio/{layer}" for layer in LAYERS),
    *(f"diagnostics/dead_units/{layer}" for layer in LAYERS[:-1]),
]
"""What diagnostics=basic records, in this order."""
LOOKS = (0, 242, 462)
"""Where looks are recorded: before the first step, and where 10 epochs, 200 steps rounded up, have passed."""


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("main") / "run"
    assert main(["train", "optimizer=adam", f"output_dir={folder}"]) == 0
    return folder


@pytest.fixture(scope="module")
def events(run: Path) -> EventAccumulator:
    return EventAccumulator(str(run), {"images": 0, "tensors": 0, "scalars": 0}).Reload()


def lines(run: Path) -> list[dict]:
    return [json.loads(line) for line in (run / "metrics.jsonl").read_text().splitlines()]


def test_it_learns(run):
    summary = json.loads((run / "summary.json").read_text())
    assert summary["status"] == "completed"
    assert summary["best"]["value"] >= 0.97
    assert summary["metrics"]["val/accuracy"] >= 0.97
    assert summary["steps"] == 660 and summary["epochs"] == 30


def test_summary_says_where_the_result_comes_from(run):
    summary = json.loads((run / "summary.json").read_text())
    assert summary["command"].startswith("runner train optimizer=adam output_dir=")
    assert summary["overrides"][0] == "optimizer=adam"
    assert summary["code"].keys() == {"commit", "dirty"}
    assert summary["data"]["train"] + summary["data"]["val"] + summary["data"]["test"] == 1797
    assert len(summary["data"]["fingerprint"]) == 16
    assert {"jax", "flax", "optax", "runner"} <= summary["versions"].keys()
    assert summary["parameters"] == 64 * 128 + 128 + 128 * 64 + 64 + 64 * 10 + 10
    assert summary["seconds"].keys() == {"total", "compile", "train", "evaluate"}
    assert summary["seconds"]["total"] >= summary["seconds"]["compile"] > 0


def test_metrics_have_a_line_an_evaluation(run):
    *evaluations, test = lines(run)
    assert [line["step"] for line in evaluations] == list(range(22, 661, 22))
    assert [line["epoch"] for line in evaluations] == list(range(1, 31))
    train = {"train/loss", "train/accuracy", "gradient_norm/global", "gradient_norm/largest", "learning_rate"}
    always = {"step", "epoch", "val/loss", "val/accuracy", *train}
    for line in evaluations:
        assert [tag for tag in line if tag not in always] == (LOOKED_AT if line["step"] in LOOKS else [])
        assert always <= line.keys()
    assert test.keys() == {"step", "epoch", "test/loss", "test/accuracy"}


def test_tensorboard_has_the_same_scalars(run, events):
    *evaluations, test = lines(run)
    for tag in ("train/loss", "val/accuracy", *LOOKED_AT, "gradient_norm/global"):
        found = [(event.step, event.value) for event in events.Scalars(tag)]
        assert [step for step, _ in found] == (list(LOOKS) if tag in LOOKED_AT else [*range(22, 661, 22)])
        # What is seen before the first step is here alone: it is no evaluation.
        told = [(line["step"], np.float32(line[tag])) for line in evaluations if tag in line]
        assert told == [(step, value) for step, value in found if step > 0]
    assert "custom_scalars__config__" in events.summary_metadata
    assert [event.value for event in events.Scalars("test/accuracy")] == [np.float32(test["test/accuracy"])]


def test_tensorboard_has_pictures_config_and_hparams(events):
    assert set(events.Tags()["images"]) == {"training_images", "test/confusion", "test/worst_mistakes"}
    text = events.Tensors("config/text_summary")[0].tensor_proto.string_val[0].decode()
    assert "_target_: optax.adam" in text
    assert "_hparams_/session_start_info" in events.summary_metadata
    assert "_hparams_/session_end_info" in events.summary_metadata


def test_the_files_are_few(run):
    assert sorted(path.name for path in run.iterdir() if "tfevents" not in path.name) == [
        ".hydra",
        "checkpoints",
        "metrics.jsonl",
        "run.log",
        "summary.json",
    ]
    assert [path.name for path in (run / "checkpoints").iterdir()] == ["state.msgpack"]


def test_load_run_gives_the_recorded_test_accuracy(run):
    loaded = load_run(run)
    dataset = build_dataset(loaded.config)
    guesses = loaded.predict(dataset.inputs[dataset.test]).argmax(axis=-1)
    accuracy = np.mean(guesses == dataset.targets[dataset.test])
    assert np.float32(accuracy) == np.float32(lines(run)[-1]["test/accuracy"])
    assert loaded.metrics["test/accuracy"] == lines(run)[-1]["test/accuracy"]
