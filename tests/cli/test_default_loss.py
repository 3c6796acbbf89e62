"""A data set chooses the loss where nothing else does, in a single run and in each job of a sweep."""

from pathlib import Path

import pytest

from runner.composition import Composer, Source, compose
from runner.composition.jobs import JobComposer
from tests.conftest import Command

MSE, CROSS_ENTROPY = "runner.objectives.losses.mse", "optax.softmax_cross_entropy"
CASES = [
    ([], CROSS_ENTROPY),
    (["dataset=iris"], CROSS_ENTROPY),
    (["dataset=diabetes"], MSE),
    (["dataset=diabetes", "loss=cross_entropy"], CROSS_ENTROPY),
    (["loss=mse", "dataset=iris"], MSE),
    (["dataset=playground"], CROSS_ENTROPY),
    (["dataset=playground", "dataset.task=regression"], MSE),
    (["dataset=playground", "dataset.task=classification"], CROSS_ENTROPY),
    (["dataset=playground", "dataset.task=regression", "loss=cross_entropy"], CROSS_ENTROPY),
]


@pytest.mark.parametrize(("overrides", "expected"), CASES, ids=lambda value: " ".join(value))
def test_the_loss_of_a_run_and_of_a_job(overrides: list[str], expected: str, empty: Path) -> None:
    assert compose(overrides).loss._target_ == expected
    composer = Composer(Source())
    job = JobComposer(composer, [], ["runner"]).compose([*overrides, "seed=3"])
    assert job.resolved["loss"]["_target_"] == expected
    assert job.job.overrides == [*overrides, "seed=3"]
    assert job.job.choices["loss"] == ("mse" if expected == MSE else "cross_entropy")


def test_an_experiment_chooses_before_the_data_set(empty: Path) -> None:
    chosen = "# @package _global_\ndefaults: [override /dataset: diabetes, override /loss: mine]"
    for group, name, text in (
        ("experiment", "mine", chosen),
        ("experiment", "plain", chosen.replace(", override /loss: mine", "")),
        ("loss", "mine", "_target_: optax.squared_error"),
    ):
        file = empty / "conf" / group / f"{name}.yaml"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    assert compose(["experiment=mine"], empty / "conf").loss._target_ == "optax.squared_error"
    assert compose(["experiment=plain"], empty / "conf").loss._target_ == MSE


def test_the_config_that_is_shown_has_the_loss(command: Command) -> None:
    code, out, err = command("train", "dataset=diabetes", "--cfg", "job")
    assert (code, err) == (0, "")
    assert MSE in out and CROSS_ENTROPY not in out


def test_an_unknown_task_is_one_line(command: Command) -> None:
    code, out, err = command("train", "dataset=playground", "dataset.task=regresion")
    assert (code, out) == (2, "")
    assert err == "runner: dataset.task=regresion: there is no such task; did you mean regression?\n"
    code, out, err = command("train", "dataset=playground", "dataset.noise=-1")
    assert (code, err) == (2, "runner: dataset.noise=-1: expected a number of at least 0\n")
