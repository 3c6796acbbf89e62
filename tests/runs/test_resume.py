"""Training longer, from other weights, to the end of patience, and to divergence."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import yaml
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.plugins.hparams.plugin_data_pb2 import HParamsPluginData

from runner import checkpoints, load_run
from runner.cli import main
from runner.diagnostics.history import BATCH_LOSS
from runner.diagnostics.loss_at_start import LEAST
from runner.training import loop
from tests.runs.outcomes import killed, outcome, run_in, summary_of

SMALL = ["model.hidden=[16]", "batch_size=64", "diagnostics=off"]
CONSTANT = ["epochs=3", *SMALL, "optimizer=momentum"]
"""Nothing in it depends on how long the run is."""
IMPATIENT = [*CONSTANT, "epochs=40", "early_stopping.patience=2", "optimizer.learning_rate=0.3"]
DIES = "import os\nfrom runner import session\nsession.test_best = lambda *_: os.kill(os.getpid(), 9)"


@pytest.fixture(scope="module")
def short(tmp_path_factory):
    return run_in(tmp_path_factory.mktemp("short") / "run", CONSTANT)


@pytest.fixture
def copied(short, tmp_path):
    """The same, to be changed."""
    return Path(shutil.copytree(short, tmp_path / "run"))


@pytest.fixture(scope="module")
def longer(tmp_path_factory):
    return outcome(run_in(tmp_path_factory.mktemp("longer") / "run", [*CONSTANT, "epochs=6"]))


def test_a_finished_run_is_left_alone(short, capsys):
    before = {path: path.stat().st_mtime_ns for path in short.rglob("*")}
    assert main(["resume", str(short)]) == 0
    assert "completed after 66 steps; to train longer" in capsys.readouterr().out
    assert {path: path.stat().st_mtime_ns for path in short.rglob("*")} == before


def test_more_epochs_train_as_if_asked_for_at_once(copied, longer):
    folder = copied
    assert main(["resume", str(folder), "epochs=6"]) == 0
    outcome(folder).assert_equal(longer)
    config = load_run(folder).config
    assert config.epochs == 6
    assert (folder / ".hydra/config.0.yaml").is_file()


def hyperparameters(folder):
    """The columns of a run's row and its config texts, as TensorBoard's own reader finds them."""
    events = EventAccumulator(str(folder), {"tensors": 0}).Reload()
    content = events.SummaryMetadata("_hparams_/session_start_info").plugin_data.content
    texts = [found.tensor_proto.string_val[0].decode() for found in events.Tensors("config/text_summary")]
    columns = HParamsPluginData.FromString(content).session_start_info.hparams
    return {key: value.number_value or value.string_value for key, value in columns.items()}, texts


def assert_told(folder, key, value):
    """Everything beside a run's weights says that it was asked for `key=value`, and nothing else."""
    columns, (text,) = hyperparameters(folder)
    assert columns[key] == value
    assert f"\n{key}: {value}\n" in text
    overrides = summary_of(folder)["overrides"]
    lengths = [override for override in overrides if override.startswith(("epochs=", "steps="))]
    assert lengths[-1] == f"{key}={value}" and set(lengths[:-1]) <= {"steps=null"}
    assert yaml.safe_load((folder / ".hydra/overrides.yaml").read_text()) == overrides


def test_every_record_has_the_new_length(copied):
    folder = copied
    pictures = EventAccumulator(str(folder), {"images": 0}).Reload().Tags()["images"]
    for change in ("epochs=4", "steps=100", "epochs=5"):
        assert main(["resume", str(folder), change]) == 0
        key, _, value = change.partition("=")
        assert_told(folder, key, int(value))
        outcome(folder)
    assert EventAccumulator(str(folder), {"images": 0}).Reload().Tags()["images"] == pictures
    assert "steps" not in hyperparameters(folder)[0]


@pytest.mark.parametrize(
    "killed_in",
    [
        "from runner import launch\nlaunch.checkpoints.save = die",
        "from runner.logbook import Logbook\nLogbook.save = die",
    ],
)
def test_a_kill_on_the_way_leaves_no_record_behind(killed_in, copied, tmp_path):
    folder = copied
    die = "import os\ndie = lambda *_: os.kill(os.getpid(), 9)\n"
    killed(["resume", str(folder), "epochs=6"], tmp_path, die + killed_in)
    assert main(["resume", str(folder), "epochs=6"]) == 0
    assert_told(folder, "epochs", 6)
    outcome(folder)


def test_more_steps_end_where_they_say(copied):
    folder = copied
    assert main(["resume", str(folder), "steps=70"]) == 0
    assert summary_of(folder)["steps"] == 70


def test_an_extension_that_is_killed_goes_on(copied, tmp_path, longer):
    folder = copied
    code = (
        "import os\nfrom runner.session import Session\nSession.observe = lambda *_: os.kill(os.getpid(), 9)"
    )
    killed(["resume", str(folder), "epochs=6"], tmp_path, code)
    assert main(["resume", str(folder)]) == 0
    outcome(folder).assert_equal(longer)


def test_fewer_steps_than_it_has_are_refused(short, capsys):
    assert main(["resume", str(short), "epochs=3"]) == 2
    assert "has trained 66 steps already; epochs=3 asks for no more" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("seed=3", "only the length of a run can change"),
        ("epohcs=3", "did you mean epochs?"),
        ("epochs=0", "a whole number of at least 1"),
        ("epochs=", "a whole number of at least 1"),
        ("epochs=1.5", "a whole number of at least 1"),
        ("epochs=9 steps=500", "epochs=9 and steps=500: steps count instead of epochs; give one"),
    ],
)
def test_only_the_length_can_change(change, said, short, capsys):
    assert main(["resume", str(short), *change.split()]) == 2
    assert said in capsys.readouterr().err


def test_what_is_no_run_is_refused(tmp_path, capsys):
    assert main(["resume", str(tmp_path)]) == 2
    assert "not the folder of a run" in capsys.readouterr().err
    assert main(["resume", str(tmp_path / "gone")]) == 2
    assert "there is no such folder" in capsys.readouterr().err


@pytest.fixture(scope="module")
def impatient(tmp_path_factory):
    return run_in(tmp_path_factory.mktemp("impatient") / "run", IMPATIENT)


def test_patience_ends_a_run_and_more_epochs_renew_it(impatient, tmp_path):
    folder = Path(shutil.copytree(impatient, tmp_path / "run"))
    summary = summary_of(folder)
    assert summary["status"] == "stopped_early"
    assert summary["steps"] - summary["best"]["step"] == 2 * 22
    assert main(["resume", str(folder)]) == 0
    assert summary_of(folder) == summary
    assert main(["resume", str(folder), "epochs=41"]) == 0
    assert summary_of(folder)["steps"] > summary["steps"]


def test_patience_that_ran_out_before_a_kill_still_ends_the_run(impatient, tmp_path):
    folder = tmp_path / "run"
    killed(["train", *IMPATIENT, f"output_dir={folder}"], tmp_path, DIES)
    assert main(["resume", str(folder)]) == 0
    outcome(folder).assert_equal(outcome(impatient))


def test_weights_of_another_run_are_where_it_starts(short, tmp_path):
    folder = run_in(
        tmp_path / "run", [*CONSTANT[1:], "steps=1", "optimizer.learning_rate=1e-30", f"init_from={short}"]
    )
    started, given = checkpoints.latest(folder), checkpoints.latest(short)
    assert started is not None and given is not None
    weights = [name for name in given.arrays if name.startswith("state.best.model") and "kernel" in name]
    assert weights
    for name in weights:
        np.testing.assert_array_equal(started.arrays[name], given.arrays[name])
    assert summary_of(folder)["metrics"]["test/accuracy"] == summary_of(short)["metrics"]["test/accuracy"]


def test_a_run_that_starts_from_another_s_weights_is_not_asked_how_it_can_know_so_much(impatient, tmp_path):
    onward = [*CONSTANT[1:], "diagnostics=basic", "steps=1", f"init_from={impatient}"]
    summary = summary_of(run_in(tmp_path / "run", onward))
    loss, blank = (summary["metrics"][f"{BATCH_LOSS}/{name}"] for name in ("network", "zeros"))
    assert loss < LEAST * blank
    assert "loss_at_start" not in {finding["name"] for finding in summary["findings"]}


def test_divergence_says_where_and_keeps_the_last_good_state(tmp_path, capsys):
    wild = ["optimizer=sgd", "optimizer.learning_rate=1e30", "loss=mse", *SMALL]
    folder = run_in(tmp_path / "run", wild, code=1)
    summary = summary_of(folder)
    assert summary["status"] == "diverged"
    assert summary["error"].startswith("the loss was not finite at step ")
    assert summary["error"] in capsys.readouterr().out
    for line in (folder / "metrics.jsonl").read_text().splitlines():
        json.loads(line, parse_constant=pytest.fail)
    saved = checkpoints.latest(folder)
    assert saved is not None
    assert all(np.isfinite(array).all() for name, array in saved.arrays.items() if "model" in name)
    assert np.isfinite(load_run(folder).predict(np.zeros((1, 8, 8, 1)))).all()
    assert main(["resume", str(folder)]) == 2
    assert "start anew" in capsys.readouterr().err


LAST = ["optimizer=sgd", "optimizer.learning_rate=1e38", *SMALL]
"""The first update is too large, and only what comes after it shows that."""


def test_the_last_update_may_be_the_one_too_far(tmp_path):
    folder = run_in(tmp_path / "run", [*LAST, "steps=1"], code=1)
    summary = summary_of(folder)
    assert (summary["status"], summary["steps"]) == ("diverged", 1)
    assert summary["error"] == "the loss was not finite at step 1"
    assert summary["best"] == {"metric": "val/accuracy", "mode": "max", "value": None, "step": None}
    assert not any(tag.startswith("test/") for tag in summary["metrics"])
    saved = checkpoints.latest(folder)
    assert saved is not None
    assert all(np.isfinite(array).all() for name, array in saved.arrays.items() if "model" in name)


@pytest.mark.parametrize(("every", "step", "chunk"), [(1, 1, 8), (2, 2, 1), (3, 2, 1), (3, 2, 8)])
def test_the_step_that_is_named_depends_on_the_evaluations_alone(every, step, chunk, tmp_path, monkeypatch):
    monkeypatch.setattr(loop, "FIRST_CHUNK", chunk)
    monkeypatch.setattr(loop, "CHUNK_SECONDS", 1e-9)
    folder = run_in(tmp_path / "run", [*LAST, "steps=9", f"eval_every={every}"], code=1)
    assert summary_of(folder)["error"] == f"the loss was not finite at step {step}"
    assert summary_of(folder)["best"]["step"] is None


def test_the_best_weights_are_from_before_it_diverged(tmp_path):
    grows = ["optimizer=sgd", "optimizer.learning_rate=30", "loss=mse", *SMALL]
    folder = run_in(tmp_path / "run", [*grows, "eval_every=1", "objective.metric=val/accuracy"], code=1)
    summary = summary_of(folder)
    lines = [json.loads(line) for line in (folder / "metrics.jsonl").read_text().splitlines()]
    evaluations = [line for line in lines if "val/loss" in line]
    assert evaluations and all(np.isfinite(line["val/loss"]) for line in evaluations)
    best = max(evaluations, key=lambda line: line["val/accuracy"])
    assert (summary["best"]["value"], summary["best"]["step"]) == (best["val/accuracy"], best["step"])
    assert np.isfinite(summary["metrics"]["test/loss"])


def test_a_full_run_into_an_occupied_folder_is_refused(short, capsys):
    assert main(["train", f"output_dir={short}"]) == 2
    assert f"runner resume {short}" in capsys.readouterr().err
