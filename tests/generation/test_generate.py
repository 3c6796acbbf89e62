"""`runner generate`: a data set of digits, what is said of it, and what stops it."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from runner import load_run
from runner.cli import main
from runner.data.npz import npz
from runner.errors import ConfigError
from tests.conftest import Command

SMALL = ["dataset.subset=200", "model.hidden=[32]", "model.code=4", "batch_size=20"]
COUNT = 150


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a small vae."""
    folder = tmp_path_factory.mktemp("vae") / "run"
    asked = [*SMALL, "epochs=6", f"generate.count={COUNT}", f"output_dir={folder}"]
    assert main(["generate", *asked]) == 0
    return folder


def summary_in(folder: Path) -> dict:
    return json.loads((folder / "summary.json").read_text())


def test_the_data_set_is_as_the_data_are(generated):
    found = npz(path=str(generated / "generated.npz"), task="classification")
    assert found.inputs.dtype == np.uint8
    assert found.inputs.shape == (COUNT, 8, 8, 1)
    assert found.inputs.max() <= 16
    assert found.maximum == 16
    assert found.classes == tuple(map(str, range(10)))
    assert np.ptp(np.bincount(found.targets, minlength=10)) <= 2


def test_its_provenance_says_where_it_comes_from(generated):
    told, summary = json.loads((generated / "generated.json").read_text()), summary_in(generated)
    assert told["trained_on"]["fingerprint"] == summary["data"]["fingerprint"]
    assert told["trained_on"]["split"] == "train"
    assert told["trained_on"]["examples"] == 200
    assert told["run"] == str(generated)
    assert sum(told["counts"].values()) == told["count"] == COUNT
    assert told["weights"]["step"] == summary["best"]["step"]


def test_a_generator_learns_and_is_measured(generated):
    metrics = summary_in(generated)["metrics"]
    lines = [json.loads(line) for line in (generated / "metrics.jsonl").read_text().splitlines()]
    assert lines[5]["val/energy_score"] < lines[0]["val/energy_score"]
    assert metrics["val/loss"] == pytest.approx(metrics["val/reconstruction"] + metrics["val/kl"], rel=1e-5)
    assert 0.1 < metrics["generated/accuracy"] <= metrics["generated/real_accuracy"] <= 1
    ratio = metrics["generated/nearest"] / metrics["generated/real_nearest"]
    assert metrics["generated/nearest_ratio"] == pytest.approx(ratio)


def test_samples_are_drawn_on_the_way(generated):
    events = EventAccumulator(str(generated)).Reload()
    assert len(events.Images("generated")) > 2


def test_a_generator_predicts_nothing(generated):
    with pytest.raises(ConfigError, match="predicts nothing"):
        load_run(generated).predict(np.zeros((1, 8, 8, 1)))


def test_its_best_weights_are_evaluated_as_they_were(generated):
    assert main(["evaluate", str(generated)]) == 0
    [file] = generated.glob("evaluation-*.json")
    found, metrics = json.loads(file.read_text())["metrics"], summary_in(generated)["metrics"]
    file.unlink()
    assert found["test/energy_score"] == metrics["test/energy_score"]


def test_the_doctor_leaves_generators_alone(tmp_path, capsys):
    assert main(["doctor", "generator=vae", f"output_dir={tmp_path / 'seen'}"]) == 2
    [line] = capsys.readouterr().err.splitlines()
    assert "runner generate trains it" in line


def test_a_run_that_goes_on_generates_again(generated, tmp_path):
    folder = tmp_path / "longer"
    shutil.copytree(generated, folder)
    (folder / "generated.npz").unlink()
    assert main(["resume", str(folder), "epochs=7"]) == 0
    assert (folder / "generated.npz").is_file()
    assert summary_in(folder)["epochs"] == 7


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (["dataset=diabetes"], "the targets are numbers"),
        (["dataset=iris"], "it learns images"),
        (["preprocessing=standardize"], "preprocessing=none"),
        (["generate.count=0"], "generate.count=0: expected null or a whole number"),
        (["class_weights=balanced"], "class_weights"),
        (["generator=null"], "generate needs a generator"),
        (["generator=[vae,gan]"], "generator"),
    ],
)
def test_what_makes_no_sense_is_one_line(asked, told, tmp_path, capsys):
    folder = tmp_path / "run"
    assert main(["generate", *asked, f"output_dir={folder}"]) == 2
    [line] = capsys.readouterr().err.splitlines()
    assert told in line
    assert not folder.exists()


def test_the_config_names_a_generator(command: Command):
    code, out, err = command("generate", "--cfg", "job")
    assert (code, err) == (0, "")
    assert "_target_: models.vae.Vae" in out
    assert "models.gan.Gan" in command("generate", "generator=gan", "--cfg", "job")[1]
