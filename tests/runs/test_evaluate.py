"""`runner evaluate PATH`: what a run's summary says, found anew, and written beside it."""

import errno
import json
from pathlib import Path

import numpy as np
import pytest

from runner import load_run
from runner.cli import main
from runner.composition import compose
from runner.experiment import build_dataset
from tests.runs.outcomes import run_in, summary_of

OWN = ["--config-dir", "configs", "dataset=images", "model.hidden=[16]", "epochs=3", "diagnostics=off"]


@pytest.fixture(scope="module")
def run(own_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run on images of the user's own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(own_folder)
        return run_in(tmp_path_factory.mktemp("evaluate") / "run", OWN)


def evaluated(run: Path, *overrides: str) -> dict:
    """Evaluates; what was written, all else as it was."""
    before = contents(run)
    assert main(["evaluate", str(run), *overrides]) == 0
    after = contents(run)
    (new,) = after.keys() - before.keys()
    assert {path: after[path] for path in before} == before
    assert new.name.startswith("evaluation-")
    return json.loads(after[new])


def contents(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_it_finds_what_the_summary_says(run, capsys):
    summary = summary_of(run)
    found = evaluated(run)
    expected = {tag: value for tag, value in summary["metrics"].items() if tag.startswith("test/")}
    assert found["metrics"] == expected
    assert found["overrides"] == []
    expected_data = {key: summary["data"][key] for key in ("fingerprint", "test", "split_seed")}
    assert found["data"] == {**expected_data, "trained_on": 0}
    assert found["command"] == f"runner evaluate {run}"
    said = capsys.readouterr().out
    assert "180 examples" in said and "trained on" not in said
    assert evaluated(run)["metrics"] == expected


def test_another_split(run, capsys):
    found = evaluated(run, "dataset.split_seed=1")
    seen, said = found["data"]["trained_on"], capsys.readouterr().out
    assert 100 < seen < 180
    assert (
        f"{seen} of these examples are among those it was trained on: this is no test of new ones\n" in said
    )
    assert found["data"]["split_seed"] == 1
    assert found["data"]["fingerprint"] != summary_of(run)["data"]["fingerprint"]
    loaded = load_run(run)
    dataset = build_dataset(compose(["dataset.split_seed=1"]))
    guesses = loaded.predict(dataset.inputs[dataset.test]).argmax(axis=-1)
    accuracy = np.mean(guesses == dataset.targets[dataset.test])
    assert found["metrics"]["test/accuracy"] == pytest.approx(accuracy, rel=1e-6)


def test_another_data_set_that_fits(run):
    found = evaluated(run, "dataset=digits")
    assert found["metrics"] == evaluated(run)["metrics"]
    assert evaluated(run, "dataset.brightness=2")["metrics"] == found["metrics"]


def test_what_overlaps_is_counted_example_by_example(run, own_folder, capsys):
    assert evaluated(run, "dataset=digits", "dataset.split_seed=1")["data"]["trained_on"] > 100
    assert "trained on" in capsys.readouterr().out
    # A larger test split takes in what was val, and then what was trained on.
    assert evaluated(run, "dataset.test_fraction=0.2")["data"]["trained_on"] == 0
    assert evaluated(run, "dataset.test_fraction=0.3")["data"]["trained_on"] == 180 - 1
    assert evaluated(run, "dataset.brightness=2")["data"]["trained_on"] == 0


def test_a_diverged_run_is_evaluated_where_it_was_best(tmp_path, capsys):
    grows = ["optimizer=sgd", "optimizer.learning_rate=30", "loss=mse", "model.hidden=[16]", "eval_every=1"]
    folder = run_in(tmp_path / "run", grows, code=1)
    capsys.readouterr()
    metrics = summary_of(folder)["metrics"]
    assert evaluated(folder)["metrics"]["test/accuracy"] == metrics["test/accuracy"]
    said = capsys.readouterr().out
    assert f"its best weights, from step {summary_of(folder)['best']['step']}, before it did\n" in said


def test_a_run_that_diverged_at_once_has_nothing_to_evaluate(tmp_path, capsys):
    never = ["optimizer=sgd", "optimizer.learning_rate=1e38", "model.hidden=[16]"]
    folder = run_in(tmp_path / "run", never, code=1)
    capsys.readouterr()
    before = contents(folder)
    assert main(["evaluate", str(folder)]) == 2
    assert "it diverged before its first evaluation" in capsys.readouterr().err
    assert contents(folder) == before


def test_few_examples_are_enough(run):
    found = evaluated(run, "dataset.n=30")
    assert found["data"]["test"] == 3


@pytest.mark.parametrize(
    ("overrides", "hint"),
    [
        ("dataset=mine", "dataset: its inputs are (4,), the run's (8, 8, 1)"),
        ("dataset.kind=wide", "dataset: its inputs are (8, 9, 1), the run's (8, 8, 1)"),
        ("dataset.kind=fewer", "dataset: its targets are one of 5 classes, the run's one of 10 classes"),
        ("dataset.kind=numbers", "dataset: its targets are 10 numbers, the run's one of 10 classes"),
        ("dataset=faulty dataset.fault=infinity", "dataset: inputs[3, 1] is inf"),
        ("dataset.kinds=wide", "did you mean dataset.kind?"),
        ("dataset.n=many", 'dataset.n="many": expected a whole number'),
        ("dataset.n=3,4", "dataset.n=3,4: one value, not several"),
        ("dataset=digits dataset.n=3", "dataset.n: there is no such key"),
        ("dataset=diggits", "did you mean digits?"),
        ("dataset.split_seed=-1", "from 0 to 2147483647"),
        ("dataset.subset=100", "dataset.subset=100: it is about training, and changes no test split"),
        ("dataset=digits dataset.label_noise=0.1", "dataset.label_noise=0.1: it is about training"),
        ("dataset.val_fraction=0.2", "dataset.val_fraction=0.2: it is about training"),
        ("dataset.split_seed=0", "dataset.split_seed=0: the test split stays what it is"),
        ("epochs=3", "only the data set can change"),
    ],
)
def test_what_does_not_fit_is_one_line(overrides, hint, run, capsys):
    before = contents(run)
    code = main(["evaluate", str(run), *overrides.split()])
    error = capsys.readouterr().err
    assert (code, error.count("\n")) == (2, 1), error
    assert error.startswith("runner: ") and hint in error
    assert contents(run) == before


def test_a_folder_that_cannot_be_written_is_one_line(run, capsys, monkeypatch):
    def full(path: Path, *arguments, original=Path.open, **named):
        if path.parent == run and "x" in arguments:
            raise OSError(errno.ENOSPC, "No space left on device")
        return original(path, *arguments, **named)

    monkeypatch.setattr(Path, "open", full)
    assert main(["evaluate", str(run)]) == 1
    error = capsys.readouterr().err
    assert error.endswith("No space left on device\n") and error.count("\n") == 1


@pytest.mark.parametrize(
    ("place", "hint"), [("nowhere", "there is no such folder"), (".", "not the folder of a run")]
)
def test_what_is_no_run_is_one_line(place, hint, here, capsys):
    assert main(["evaluate", place]) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1 and hint in error
