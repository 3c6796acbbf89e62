"""`runner find-lr`: digits and a regression through the command line, and what stops it."""

import json
import os
import shutil
import signal
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from runner.cli import main
from runner.range_test import course, testing
from tests.conftest import Command
from tests.runs.outcomes import written

SMALL = ["model.hidden=[16]", "find_lr.steps=80", "find_lr.rates=4", "find_lr.training=40"]
HERE = Path(__file__).parent


def summary_in(folder: Path) -> dict:
    return json.loads((folder / "find_lr.json").read_text())


def find_lr(folder: Path, *options: str, code: int = 0) -> dict:
    """The summary of a range test that was made in this process."""
    assert main(["find-lr", *SMALL, f"output_dir={folder}", *options]) == code
    return summary_in(folder)


@pytest.fixture(scope="module")
def with_sgd(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a range test of stochastic gradient descent on digits."""
    folder = tmp_path_factory.mktemp("sgd") / "test"
    find_lr(folder, "optimizer=sgd")
    return folder


def test_gradient_descent_on_digits(with_sgd):
    check(summary_in(with_sgd))


def check(summary: dict) -> None:
    """Holds a range test on digits to what any must be."""
    rows, ramp = summary["trainings"]["rows"], summary["ramp"]
    assert summary["status"] == "completed"
    assert summary["metric"] == "val/accuracy"
    assert len(rows) % 4 == 0 and len(rows) > 0
    best = max(row["val/accuracy"] or 0 for row in rows)
    chosen = next(row for row in rows if row["learning_rate"] == summary["suggestion"])
    assert chosen["val/accuracy"] > best - 0.06 > 0.7
    rates = np.array(ramp["learning_rate"])
    np.testing.assert_allclose(np.diff(np.log(rates)), np.log(1e8) / 79, rtol=1e-2)
    assert ramp["steepest"] < ramp["least"] <= rates[-1]


def test_what_is_in_the_folder(with_sgd):
    folder, summary = with_sgd, summary_in(with_sgd)
    taken = len(summary["ramp"]["loss"])
    assert sorted(path.name for path in (folder / ".hydra").iterdir()) == ["config.yaml", "overrides.yaml"]
    with Image.open(folder / "find_lr.png") as picture:
        assert picture.size[0] > 500
        assert len(set(picture.convert("L").tobytes())) > 20
    curve = {(tag, step): value for tag, step, value in written(folder)}
    assert {tag for tag, _ in curve} == {"ramp/learning_rate", "ramp/loss", "ramp/smoothed"}
    assert curve["ramp/loss", 1] == pytest.approx(summary["ramp"]["loss"][0])
    assert (("ramp/loss", taken) in curve) == (summary["ramp"]["loss"][-1] is not None)


def test_a_regression(tmp_path):
    summary = find_lr(tmp_path / "test", "dataset=diabetes", "optimizer.learning_rate=1e-5")
    assert (summary["metric"], summary["mode"]) == ("val/loss", "min")
    assert summary["configured"]["verdict"] == "too low"
    values = [row["val/loss"] for row in summary["trainings"]["rows"] if not row["diverged"]]
    chosen = summary["trainings"]["choice"]["value"]
    assert chosen <= 1.1 * min(values) < max(values)


def test_a_rate_that_cannot_be_a_lane_is_trained_alone(tmp_path, monkeypatch):
    shutil.copy(HERE / "branching.py", tmp_path)
    shutil.copytree(HERE / "configs", tmp_path / "configs")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.setattr(testing, "WINDOWS", 1)
    options = ["dataset=wine", "model=linear", "optimizer=sgd", "schedule=capped", "--config-dir=configs"]
    assert main(["find-lr", *SMALL[1:], *options, "find_lr.high=0.5", "output_dir=test"]) == 0
    losses = [row["train/loss"] for row in summary_in(Path("test"))["trainings"]["rows"]]
    assert losses[0] > losses[1] > losses[2] == losses[3]


def test_nothing_that_learns_is_a_failure(tmp_path, capsys):
    summary = find_lr(tmp_path / "test", "optimizer=sgd", "find_lr.low=1e-9", "find_lr.high=1e-7", code=1)
    assert (summary["status"], summary["error"]) == ("failed", "no rate learned")
    assert summary["suggestion"] is None
    assert "the loss did not fall at any rate from 1e-09 to 1e-07" in capsys.readouterr().out


def test_sigint_ends_it(tmp_path, monkeypatch, capsys):
    original = course._Observer.observe

    def observe(self: object, chunk: object) -> bool:
        os.kill(os.getpid(), signal.SIGINT)
        monkeypatch.setattr(course._Observer, "observe", original)
        return original(self, chunk)

    monkeypatch.setattr(course._Observer, "observe", observe)
    previous = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        summary = find_lr(tmp_path / "test", "optimizer=sgd", code=130)
    finally:
        signal.signal(signal.SIGINT, previous)
    assert summary["status"] == "interrupted"
    assert "interrupted" in capsys.readouterr().out


def test_several_configs(tmp_path, capsys):
    sweep = tmp_path / "sweep"
    options = ["optimizer=adam,schedule_free_adamw", "batch_size=64,5000", f"output_dir={sweep}"]
    assert main(["find-lr", "-m", *SMALL, *options]) == 1
    said = capsys.readouterr().out
    for name in ("0", "2"):
        summary = summary_in(sweep / name)
        check(summary)
        assert f"{summary['override']}\n" in said
    for name in ("1", "3"):
        assert summary_in(sweep / name)["status"] == "failed"
        assert f"run {name}: batch_size=5000 is larger than the 1437 training examples" in said
    # A comparison looks for runs.
    assert main(["compare", str(sweep)]) == 2
    assert "holds no run" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("batch_size=5000", "batch_size=5000 is larger than the 1437 training examples"),
        ("init_from=taken", "taken: it has no checkpoint yet"),
        ("output_dir=taken", "output_dir=taken: the folder is not empty; choose a new one"),
        ("optimizer._target_=optax.adm", "did you mean adam?"),
    ],
)
def test_what_the_data_shows_to_be_wrong_writes_nothing(line, says, here, capsys):
    (here / "taken").mkdir()
    (here / "taken" / "summary.json").write_text("{}")
    assert main(["find-lr", *SMALL, *line.split()]) == 2
    error = capsys.readouterr().err
    assert says in error and error.count("\n") == 1
    assert sorted(path.name for path in here.rglob("*")) == ["summary.json", "taken"]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("find_lr.low=0", "find_lr.low=0: expected a number greater than 0"),
        ("find_lr.low=1 find_lr.high=2", "find_lr.low=1: expected at most a tenth of find_lr.high=2"),
        ("find_lr.high=-1", "a number greater than 0"),
        ("find_lr.steps=10", "find_lr.steps=10: expected a whole number of at least 50"),
        ("find_lr.rates=1", "find_lr.rates=1: expected a whole number of at least 4"),
        ("find_lr.training=0", "find_lr.training=0: expected steps (100)"),
        ("find_lr.training=soon", "steps (100), epochs (3epochs)"),
        ("~find_lr.low", "cannot be left out"),
        ("find_lr.hihg=1", "did you mean find_lr.high?"),
        ("optimizer=adm", "did you mean adam?"),
        ("--hlep", "did you mean --help?"),
        ("-m find_lr.steps=10,100", "find_lr.steps=10: expected a whole number"),
    ],
)
def test_what_the_config_shows_to_be_wrong_needs_no_jax(line: str, says: str, command: Command) -> None:
    code, out, err = command("find-lr", *line.split())
    assert (code, out) == (2, "")
    assert says in err and err.count("\n") == 1
    assert list(Path.cwd().iterdir()) == []


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("find-lr --help", "runner find-lr: The learning-rate range test"),
        ("find-lr --cfg job", "find_lr:\n  low: 1.0e-06"),
        ("find-lr -m optimizer=sgd,adam --dry-run", "range test 1: optimizer=adam"),
        ("--help", "find-lr   The learning-rate range test"),
    ],
)
def test_what_answers_without_jax(line: str, says: str, command: Command) -> None:
    code, out, err = command(*line.split())
    assert (code, err) == (0, "")
    assert says in out


def test_a_range_test_is_no_part_of_what_a_run_is():
    from runner.binding import resolve
    from runner.composition import compose
    from runner.configuration import identity
    from runner.experiment import numbers_of

    plain, other = compose([]), compose(["find_lr.steps=80", "find_lr.high=3.0"])
    assert identity(resolve(plain)) == identity(resolve(other))
    assert not any(key.startswith("find_lr") for key in numbers_of(other, 10))
