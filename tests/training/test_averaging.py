"""Averaged weights: the closed form, and what becomes of them in a run."""

import json

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from runner import load_run
from runner.cli import main
from runner.experiment import build_dataset
from runner.training.averaging import follow
from tests.runs.outcomes import run_in, summary_of
from tests.sweeps.conftest import recorded

SMALL = ["model.hidden=[8]", "dataset.subset=256", "epochs=3", "diagnostics=off"]


def test_it_is_the_bias_corrected_average():
    weights, decay = np.random.default_rng(0).normal(size=(20, 3)), 0.9
    with jax.enable_x64():
        average, biased, traced = jnp.full(3, 7.0), np.zeros(3), jax.jit(follow)
        for index, w in enumerate(weights):
            average = traced(average, jnp.asarray(w), decay, jnp.int32(index))
            biased = decay * biased + (1 - decay) * w
            np.testing.assert_allclose(average, biased / (1 - decay ** (index + 1)), rtol=1e-6)


def test_they_are_evaluated_beside_the_raw_ones_which_nothing_changes(tmp_path):
    plain = run_in(tmp_path / "plain", SMALL)
    both = run_in(tmp_path / "both", [*SMALL, "ema=0.9"])
    for tag in ("train/loss", "val/loss", "val/accuracy", "test/accuracy"):
        np.testing.assert_allclose(recorded(both, tag), recorded(plain, tag), rtol=1e-5, err_msg=tag)
    averaged = recorded(both, "val/ema/loss")
    assert len(averaged) == 3 and not np.array_equal(averaged, recorded(both, "val/loss"))
    assert not [tag for tag in summary_of(both)["metrics"] if tag.startswith("test/ema")]
    assert summary_of(both)["best"]["metric"] == "val/accuracy"


def test_an_objective_of_theirs_keeps_them(tmp_path):
    folder = run_in(tmp_path / "run", [*SMALL, "ema=0.9", "objective.metric=val/ema/loss"])
    best = summary_of(folder)["best"]
    assert best["metric"] == "val/ema/loss"
    assert best["value"] == pytest.approx(min(recorded(folder, "val/ema/loss")))
    _assert_kept(folder)
    lines = [json.loads(line) for line in (folder / "metrics.jsonl").read_text().splitlines()]
    assert lines[-1]["test/loss"] == pytest.approx(summary_of(folder)["metrics"]["test/loss"])


def test_without_averages_there_is_no_such_objective(tmp_path, capsys):
    assert main(["train", "objective.metric=val/ema/loss", f"output_dir={tmp_path / 'run'}"]) == 2
    assert "val/loss, val/accuracy" in capsys.readouterr().err
    assert not (tmp_path / "run").exists()


def test_schedule_free_is_evaluated_kept_and_gone_on_from_at_its_average(tmp_path):
    folder = run_in(tmp_path / "run", [*SMALL, "optimizer=schedule_free_adamw"])
    _assert_kept(folder)
    onward = [*SMALL, "optimizer=schedule_free_adamw", f"init_from={folder}"]
    tiny = ["optimizer.learning_rate=1e-12", "epochs=1"]
    again = run_in(tmp_path / "again", [*onward, *tiny])
    best = summary_of(folder)["best"]["value"]
    assert recorded(again, "val/accuracy")[0] == pytest.approx(best)
    assert main(["train", *SMALL, "optimizer=schedule_free_adamw", "schedule=cosine"]) == 2


def _assert_kept(folder) -> None:
    """The weights that load_run gives are those that were measured."""
    run = load_run(folder)
    dataset = build_dataset(run.config)
    guesses = run.predict(dataset.inputs[dataset.test]).argmax(axis=-1)
    accuracy = np.mean(guesses == dataset.targets[dataset.test])
    assert accuracy == pytest.approx(run.metrics["test/accuracy"], abs=1e-6)
    guesses = run.predict(dataset.inputs[dataset.val])
    loss = -np.mean(np.log(guesses[np.arange(len(guesses)), dataset.targets[dataset.val]]))
    best = summary_of(folder)["best"]
    lines = [json.loads(line) for line in (folder / "metrics.jsonl").read_text().splitlines()]
    (line,) = (line for line in lines if line["step"] == best["step"] and "val/loss" in line)
    assert loss == pytest.approx(line[best["metric"].replace("accuracy", "loss")], rel=1e-4)
