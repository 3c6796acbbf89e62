"""A lane equals the same run made alone: by the command line, from the files."""

import csv
import re
import shutil
from pathlib import Path

import jax
import numpy as np
import pytest
from scipy import stats
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from runner import load_run
from runner.experiment import build_dataset
from runner.sweeps.numbering import run_folders
from tests.runs.outcomes import run_in
from tests.sweeps.conftest import SMALL, recorded, summary_in, sweep_in

MODELS = {
    "mlp": ["model.hidden=[16]"],
    "mlp, batch norm, dropout": ["model.hidden=[16]", "normalization=batch", "regularizer=dropout"],
    "cnn": ["model=cnn", "model.width=4", "model.depth=1", "model.hidden=[16]"],
    "cnn, batch norm, dropout": [
        "model=cnn",
        "model.width=4",
        "model.depth=1",
        "model.hidden=[16]",
        "normalization=batch",
        "regularizer=dropout",
    ],
}
AROUND = {
    "plateau": [
        "schedule=plateau",
        "schedule.patience=1",
        "schedule.factor=0.5,0.7",
        "objective.metric=val/loss",
        "objective.mode=max",  # which it hardly ever rises above, so that the rate falls
    ],
    "averages": ["ema=0.9,0.99", "objective.metric=val/ema/loss"],
    "micro-batches, class weights": [
        "accumulate=4",
        "class_weights=balanced",
        "optimizer.weight_decay=0.1,0.2",
    ],
    "schedule-free": ["optimizer=schedule_free_adamw", "optimizer.b1=0.8,0.9"],
    "muon": ["optimizer=muon", "optimizer.momentum=0.9,0.95"],
    "lamb": ["optimizer=lamb", "optimizer.weight_decay=0.1,0.2", "schedule=one_cycle"],
    "adadelta": ["optimizer=adadelta", "optimizer.rho=0.9,0.95", "schedule=step"],
}
"""What lies around the model: two lanes that differ in a number of it."""
ALONE = {0: ("1e-4", "0"), 3: ("1e-3", "1")}
"""The rates and the seeds of the lanes that are made alone too."""


@pytest.fixture
def restored_precision():
    yield
    jax.config.update("jax_enable_x64", False)


@pytest.mark.slow
@pytest.mark.parametrize("model", MODELS)
def test_ten_steps_in_float32(model, tmp_path):
    # Standardized, the pixels that are 0 in every image are constants that batch normalization subtracts: the
    # gradient of their weights is rounding noise, which Adam divides by its own size.
    _same(MODELS[model], ["steps=10", "eval_every=1", "preprocessing=none"], 1e-5, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("model", MODELS)
def test_an_epoch_in_float64(model, tmp_path, restored_precision):
    _same(MODELS[model], ["epochs=1", "eval_every=5", "precision=float64"], 1e-9, tmp_path)


def _same(model: list[str], length: list[str], tolerance: float, place: Path) -> None:
    options = [*model, *length, "batch_size=32", "dataset.subset=640", "diagnostics=off"]
    sweep = sweep_in(place / "sweep", [*options, "optimizer.learning_rate=1e-4,1e-3", "seed=0,1"])
    ends = []
    for number, (rate, seed) in ALONE.items():
        alone = run_in(
            place / f"alone{number}", [*options, f"optimizer.learning_rate={rate}", f"seed={seed}"]
        )
        for tag in ("train/loss", "val/loss", "gradient_norm/global", "test/loss"):
            ours, theirs = recorded(sweep / str(number), tag), recorded(alone, tag)
            assert len(ours) > 0
            np.testing.assert_allclose(ours, theirs, rtol=tolerance, err_msg=f"{tag} of run {number}")
        ends.append(recorded(alone, "train/loss")[-1])
    assert len(set(ends)) == len(ALONE)


@pytest.mark.exhaustive
@pytest.mark.parametrize("around", AROUND)
def test_what_lies_around_the_model_in_float64(around, tmp_path, restored_precision):
    small = ["model.hidden=[16]", "batch_size=32", "dataset.subset=640"]
    options = [*small, "epochs=2", "eval_every=5", "precision=float64"]
    sweep = sweep_in(tmp_path / "sweep", [*options, *AROUND[around]])
    tags = ["test/loss", "val/loss", "learning_rate", "train/loss"]
    tags += ["val/ema/loss"] if around == "averages" else []
    ends = []
    for number in (0, 1):
        own = [re.sub(r"=(.*),(.*)", rf"=\{number + 1}", option) for option in AROUND[around]]
        alone = run_in(tmp_path / f"alone{number}", [*options, *own])
        for tag in tags:
            ours, theirs = recorded(sweep / str(number), tag), recorded(alone, tag)
            assert len(ours) > 0
            np.testing.assert_allclose(ours, theirs, rtol=1e-9, err_msg=f"{tag} of run {number}")
        ends.append(recorded(alone, tags[-1])[-1])
    assert ends[0] != ends[1]


@pytest.mark.slow
def test_whole_runs_agree_in_distribution(tmp_path):
    """32 seeds as lanes and 32 alone, trained to the end: the same seeds, so a paired test has power."""
    options = ["model.hidden=[16]", "epochs=6", "dataset.subset=640", "optimizer.learning_rate=0.01"]
    sweep = sweep_in(tmp_path / "sweep", [*options, "seed=range(32)"])
    lanes = [summary_in(path)["metrics"]["val/loss"] for path in run_folders(sweep).values()]
    alone = sweep_in(tmp_path / "alone", [*options, "seed=range(32)", "sweep.isolated=true"])
    singles = [summary_in(path)["metrics"]["val/loss"] for path in run_folders(alone).values()]
    assert len(lanes) == len(singles) == 32
    assert stats.ks_2samp(lanes, singles).pvalue > 0.05
    assert stats.ttest_rel(lanes, singles).pvalue > 0.01 or np.allclose(lanes, singles, rtol=1e-3)


def test_every_run_has_the_files_of_a_single_run(small, tmp_path):
    alone = run_in(tmp_path / "alone", [*SMALL, "optimizer=sgd"])
    expected = _files(alone)
    for path in run_folders(small).values():
        assert _files(path) == expected
    assert len(expected) <= 12


def _files(run: Path) -> set[str]:
    names = (str(path.relative_to(run)) for path in run.rglob("*") if path.is_file())
    return {"events" if "tfevents" in name else name for name in names}


def test_a_summary_says_what_a_run_is(small):
    for number, path in run_folders(small).items():
        summary = summary_in(path)
        assert summary["status"] == "completed"
        assert summary["seconds"]["shared"] is True
        assert summary["overrides"][-2:] == [f"seed={number % 2}", f"output_dir={small}"]
        assert summary["seed"] == number % 2
        assert summary["command"].startswith("runner train -m ")
        parts = summary["seconds"]
        assert parts["total"] >= parts["train"] + parts["evaluate"] > 0
    identities = {summary_in(path)["identity"] for path in run_folders(small).values()}
    assert len(identities) == 8


def test_weights_come_back_and_predict_what_was_recorded(small):
    run = load_run(small / "5")
    dataset = build_dataset(run.config)
    guesses = run.predict(dataset.inputs[dataset.test]).argmax(axis=-1)
    accuracy = np.mean(guesses == dataset.targets[dataset.test])
    assert np.float32(accuracy) == np.float32(run.metrics["test/accuracy"])


def test_a_lane_can_be_trained_longer_alone(small, tmp_path):
    from runner.cli import main

    run = shutil.copytree(small / "4", tmp_path / "run")
    assert main(["resume", str(run), "epochs=3"]) == 0
    options = [*SMALL, "optimizer=adam", "optimizer.learning_rate=1e-3", "seed=0", "epochs=3"]
    alone = run_in(tmp_path / "alone", options)
    np.testing.assert_allclose(recorded(run, "val/loss"), recorded(alone, "val/loss"), rtol=1e-4)


def test_a_sweep_can_be_trained_longer(tmp_path):
    from runner.cli import main

    seeds = "seed=0,1"
    sweep = sweep_in(tmp_path / "sweep", [*SMALL, seeds])
    assert main(["resume", str(sweep), "epochs=3"]) == 0
    for path in run_folders(sweep).values():
        assert summary_in(path)["epochs"] == 3
        assert len(recorded(path, "val/loss")) == 3
    assert main(["resume", str(sweep), "epochs=2"]) == 2
    before = {number: (path / "summary.json").read_bytes() for number, path in run_folders(sweep).items()}
    longer = [*(option for option in SMALL if "epochs" not in option), "epochs=3"]
    sweep_in(sweep, [*longer, seeds])
    after = {number: (path / "summary.json").read_bytes() for number, path in run_folders(sweep).items()}
    assert after == before, "what is asked for now has been trained already"


def test_tensorboard_has_scalars_of_all_and_pictures_of_the_best_of_each_program(small):
    pictured = []
    for number, path in run_folders(small).items():
        events = EventAccumulator(str(path), {"images": 0, "tensors": 0, "scalars": 0}).Reload()
        found = [event.value for event in events.Scalars("val/loss")]
        np.testing.assert_array_equal(found, np.float32(recorded(path, "val/loss")))
        assert "_hparams_/session_start_info" in events.summary_metadata
        assert "_hparams_/session_end_info" in events.summary_metadata
        if events.Tags()["images"]:
            assert set(events.Tags()["images"]) == {
                "training_images",
                "test/confusion",
                "test/worst_mistakes",
            }
            pictured.append(number)
    bests = {number: summary_in(path)["best"]["value"] for number, path in run_folders(small).items()}
    assert [bests[number] for number in pictured] == [
        max(value for number, value in bests.items() if number in group) for group in (range(4), range(4, 8))
    ]


def test_the_table_of_the_sweep_has_a_row_a_run(small):
    rows = list(csv.DictReader((small / "sweep.csv").open()))
    assert [int(row["run"]) for row in rows] == list(range(8))
    for row in rows:
        summary = summary_in(small / row["run"])
        assert row["status"] == summary["status"]
        assert float(row["val/accuracy"]) == summary["metrics"]["val/accuracy"]
        assert f"optimizer={row['optimizer']}" in summary["overrides"]
        assert float(row["seconds_total"]) == pytest.approx(summary["seconds"]["total"], abs=1e-4)


def test_isolated_runs_have_times_of_their_own(tmp_path):
    sweep = sweep_in(tmp_path / "sweep", [*SMALL, "seed=0,1", "sweep.isolated=true"])
    for path in run_folders(sweep).values():
        assert "shared" not in summary_in(path)["seconds"]
    # The program is compiled once.
    assert summary_in(sweep / "1")["seconds"]["compile"] == 0 < summary_in(sweep / "0")["seconds"]["compile"]
