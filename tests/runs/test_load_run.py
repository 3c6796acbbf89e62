"""`load_run` gives back the run that was trained: what it predicts is what was recorded, to the digit."""

import json
import shutil
from pathlib import Path

import jax
import numpy as np
import pytest

from runner import checkpoints, load_run
from runner.cli import main
from runner.errors import ConfigError
from runner.evaluation import measure
from runner.experiment import build_dataset
from runner.session import Session
from tests.runs.outcomes import killed, run_in, summary_of

CNN = ["model=cnn", "model.width=4", "model.hidden=[16]", "batch_size=32", "dataset.subset=200"]
NUMBERS = ["dataset=mine", "dataset.task=numbers", "model=mine", "loss=mse", "optimizer=mine"]

RUNS = {
    "mlp": ["dataset.subset=400"],
    "cnn with batch normalization": [*CNN, "normalization=batch"],
    "bfloat16": [*CNN, "precision=bfloat16"],
    "float64": ["precision=float64", "dataset.subset=400"],
    "everything": [
        "regularizer=[l2,dropout]",
        "normalization=batch",
        "augmentation=translate",
        "schedule=cosine",
        "loss.label_smoothing=0.1",
        "dataset.label_noise=0.1",
        "optimizer.weight_decay=0.1",
    ],
    "numbers": NUMBERS,
    "one number to test on": [*NUMBERS, "dataset.n=10", "batch_size=4"],
    "numbers of its own": [*NUMBERS, "loss=mine", "precision=bfloat16", "dataset.n=2000"],
}


@pytest.fixture(scope="module", autouse=True)
def floats():
    """A run in float64 leaves JAX as it was."""
    before = jax.config.values["jax_enable_x64"]
    yield
    jax.config.update("jax_enable_x64", before)


@pytest.fixture(scope="module")
def runs(own_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A run of each kind."""
    root = tmp_path_factory.mktemp("runs")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(own_folder)
        for name, options in RUNS.items():
            line = ["train", "--config-dir", "configs", "epochs=3", "diagnostics=off", *options]
            assert main([*line, f"output_dir={root / name}"]) == 0
    return {name: root / name for name in RUNS}


def recorded(folder: Path, split: str) -> dict[str, float]:
    """The metrics of a run on test, or on val when it was best."""
    saved = checkpoints.latest(folder)
    assert saved is not None
    lines = [json.loads(line) for line in (folder / "metrics.jsonl").read_text().splitlines()]
    best = [line for line in lines if line["step"] == saved.arrays["state.best.step"] and "val/loss" in line]
    found = best[0] if split == "val" else summary_of(folder)["metrics"]
    return {tag.removeprefix(f"{split}/"): value for tag, value in found.items() if tag.startswith(split)}


def assert_val_is_as_recorded(folder: Path) -> None:
    run = load_run(folder)
    dataset = build_dataset(run.config)
    assert measure(run, dataset, dataset.val) == recorded(folder, "val")


@pytest.mark.parametrize("name", RUNS)
def test_the_recorded_metrics_to_the_last_digit_and_predictions_that_they_measure(name, runs):
    folder = runs[name]
    run = load_run(folder)
    dataset = build_dataset(run.config)
    assert measure(run, dataset, dataset.test) == recorded(folder, "test")
    assert measure(run, dataset, dataset.val) == recorded(folder, "val")
    assert run.metrics == summary_of(folder)["metrics"]
    scores, targets = run.predict(dataset.inputs[dataset.test]), dataset.targets[dataset.test]
    assert scores.shape == (len(dataset.test), dataset.outputs)
    found = recorded(runs[name], "test")
    if run.classes is None:
        assert np.mean(np.square(scores - targets)) == pytest.approx(found["mse"], rel=1e-5)
    else:
        np.testing.assert_allclose(scores.sum(axis=-1), 1, rtol=1e-5)
        assert scores.min() >= 0
        assert np.mean(scores.argmax(axis=-1) == targets) == pytest.approx(found["accuracy"], rel=1e-6)


def test_how_many_are_predicted_at_once_changes_nothing(runs):
    run = load_run(runs["everything"])
    inputs = build_dataset(run.config).inputs
    together = run.predict(inputs)
    assert together.shape == (1797, 10)
    for some in (inputs[:1], inputs[:511], inputs[-3:].tolist()):
        place = slice(-3, None) if isinstance(some, list) else slice(len(some))
        np.testing.assert_allclose(run.predict(some), together[place], rtol=1e-4, atol=1e-6)
    assert run.predict(inputs[:0]).shape == (0, 10)


def test_float64_computes_in_float64(runs):
    outputs = load_run(runs["float64"]).predict(np.zeros((2, 8, 8, 1)))
    assert outputs.dtype == np.float64
    assert load_run(runs["mlp"]).predict(np.zeros((2, 8, 8, 1))).dtype == np.float32


@pytest.mark.parametrize("shape", [(), (8, 8, 1), (2, 8, 8), (2, 8, 8, 3), (2, 64)])
def test_inputs_of_another_shape_are_refused(shape, runs):
    with pytest.raises(ConfigError, match=r"the run was trained on \(8, 8, 1\)"):
        load_run(runs["mlp"]).predict(np.zeros(shape))


def test_an_interrupted_run(tmp_path, monkeypatch):
    def interrupted(session: Session, step: int) -> bool:
        session.interruption.asked = step >= 22
        return session.interruption.asked

    monkeypatch.setattr(Session, "wants_state", interrupted)
    folder = run_in(tmp_path / "run", ["epochs=3", "log_every=5", "diagnostics=off"], code=130)
    assert summary_of(folder)["status"] == "interrupted"
    assert_val_is_as_recorded(folder)


def test_a_run_that_was_killed(tmp_path):
    # optax's cosine schedule refuses 0 steps, which is what the summary of a killed run says it has done.
    cosine = ["schedule=cosine", "schedule._target_=optax.cosine_decay_schedule"]
    code = """
import os, signal
from runner import checkpoints
save = checkpoints.save
def once(folder, saved):
    save(folder, saved)
    if saved.step >= 22:
        os.kill(os.getpid(), signal.SIGKILL)
checkpoints.save = once"""
    line = [
        "train",
        *cosine,
        "model.hidden=[16]",
        "diagnostics=off",
        "checkpoint.seconds=0",
        "output_dir=run",
    ]
    killed(line, tmp_path, code)
    assert summary_of(tmp_path / "run")["steps"] == 0
    assert_val_is_as_recorded(tmp_path / "run")


def test_what_is_no_run_is_refused(runs, tmp_path):
    with pytest.raises(ConfigError, match="not the folder of a run"):
        load_run(tmp_path)
    copy = Path(shutil.copytree(runs["mlp"], tmp_path / "copy"))
    shutil.rmtree(copy / "checkpoints")
    with pytest.raises(ConfigError, match="has not saved anything yet"):
        load_run(copy)
    (copy / "summary.json").unlink()
    with pytest.raises(ConfigError, match=r"summary\.json: not a summary"):
        load_run(copy)


def test_a_changed_model_is_refused(runs, tmp_path):
    copy = Path(shutil.copytree(runs["mlp"], tmp_path / "copy"))
    config = copy / ".hydra" / "config.yaml"
    config.write_text(config.read_text().replace("- 128", "- 127"))
    with pytest.raises(ConfigError, match=r"the checkpoint's .* has shape"):
        load_run(copy)
